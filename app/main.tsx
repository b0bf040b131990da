import { render } from "preact";
import { App } from "./shell/app.tsx";
import { address, followAddress, goTo } from "./state/address.ts";
import { setBackend } from "./state/backend.ts";
import { readToken, server } from "./state/client.ts";
import { folderOfPage } from "./state/folder.ts";
import { followTheme } from "./state/theme.ts";
import "./style.css";

const folder = folderOfPage();
if (!folder) readToken();
setBackend(folder ?? server);
followTheme();
followAddress();
if (folder?.manifest) {
  // A folder has one run, which its address need not name.
  const { id } = folder.manifest.entry;
  const open = (): void => {
    if (address.get().run !== id) goTo({ run: id }, "replace");
  };
  open();
  address.follow(open);
}
render(<App />, document.getElementById("app") as HTMLElement);
