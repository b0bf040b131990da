import { render } from "preact";
import { App } from "./shell/app.tsx";
import { followAddress } from "./state/address.ts";
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
render(<App />, document.getElementById("app") as HTMLElement);
