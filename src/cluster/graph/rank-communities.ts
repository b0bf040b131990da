/**
 * Numbers the communities of a run by falling volume (the sum of their degrees), in place; of equal ones that of the
 * earlier sample comes first.
 *
 * Samples without edges change no modularity, wherever they are. Each is a community of its own so far, and they stay that
 * only as far as `least` communities would be missing otherwise, the earliest first; the others join the largest.
 *
 * @param communities community of each sample, 0..count-1
 * @param degrees sum of the weights of each sample
 * @returns the number of communities that are left
 */
export function rankCommunities(
  communities: Int32Array,
  count: number,
  degrees: Float64Array,
  least: number,
): number {
  const volumes = new Float64Array(count);
  const firsts = new Int32Array(count).fill(-1);
  communities.forEach((community, i) => {
    volumes[community] = (volumes[community] as number) + (degrees[i] as number);
    if (firsts[community] === -1) firsts[community] = i;
  });
  const order = Array.from({ length: count }, (_, c) => c).sort(
    (a, b) =>
      (volumes[b] as number) - (volumes[a] as number) || (firsts[a] as number) - (firsts[b] as number),
  );
  const connected = order.filter((community) => (volumes[community] as number) > 0).length;
  const left = Math.min(count, Math.max(connected, least));
  const rank = new Int32Array(count);
  order.forEach((community, at) => {
    rank[community] = at < left ? at : 0;
  });
  for (let i = 0; i < communities.length; i++) communities[i] = rank[communities[i] as number] as number;
  return left;
}
