/** Light and dark: as the system has it, unless the person chose. */
import { createStore, type Store } from "./store.ts";

export type ThemeChoice = "system" | "light" | "dark";

const key = "unlabeled-theme";
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

const stored = (): ThemeChoice => {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
};

export const themeChoice: Store<ThemeChoice> = createStore<ThemeChoice>("system");
/** The theme in force: drawings on canvases follow it. */
export const theme: Store<"light" | "dark"> = createStore<"light" | "dark">("light");

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.set(choice);
  try {
    if (choice === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {} // it is then forgotten with the page
  apply();
}

function apply(): void {
  const choice = themeChoice.get();
  const dark = choice === "dark" || (choice === "system" && darkSystem.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  theme.set(dark ? "dark" : "light");
}

/** Applies what was chosen before, and follows the system; call once. */
export function followTheme(): void {
  themeChoice.set(stored());
  darkSystem.addEventListener("change", apply);
  apply();
}
