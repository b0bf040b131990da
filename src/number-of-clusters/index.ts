export { criterionNames } from "./default-proposal.ts";
export { knee } from "./knee.ts";
export { fittingCriteria, panelDefaults } from "./options.ts";
export { panel, panelSteps } from "./panel.ts";
export {
  type Criterion,
  type Curve,
  type Panel,
  type PanelClusterer,
  type PanelContext,
  type PanelFit,
  type PanelFitOptions,
  type PanelFitStep,
  type PanelOptions,
  type PanelProgress,
  panelCriteria,
} from "./types.ts";
