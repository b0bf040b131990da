/** What a request is answered that cannot be answered. */
export class Refusal extends Error {
  readonly status: 400 | 404 | 409 | 413 | 503;

  constructor(status: Refusal["status"], message: string) {
    super(message);
    this.status = status;
  }
}
