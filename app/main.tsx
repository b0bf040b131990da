import { render } from "preact";
import { App } from "./shell/app.tsx";
import { followAddress } from "./state/address.ts";
import { readToken } from "./state/client.ts";
import { followTheme } from "./state/theme.ts";
import "./style.css";

readToken();
followTheme();
followAddress();
render(<App />, document.getElementById("app") as HTMLElement);
