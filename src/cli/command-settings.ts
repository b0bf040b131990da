/** The settings of each command: what its options come to. */
import type { SettingsOf } from "./option-table.ts";
import type {
  computeOptions,
  editsOptions,
  encoderOptions,
  explorerOptions,
  exportOptions,
  fileOptions,
  fitOptions,
  folderOptions,
  methodOptions,
  methodsOptions,
  nameOptions,
  networkOptions,
  planOptions,
  rangeOptions,
  recipeOptions,
  runOptions,
  runsOptions,
  sizeOptions,
  sourceOptions,
  talkOptions,
} from "./options.ts";

type Common = SettingsOf<typeof computeOptions> & SettingsOf<typeof talkOptions>;
type Source = { readonly source: string } & SettingsOf<typeof sourceOptions> & SettingsOf<typeof sizeOptions>;
/** What was asked of clusterers. */
export type FitSettings = SettingsOf<typeof fitOptions>;
/** What was asked of networks. */
export type NetworkSettings = SettingsOf<typeof networkOptions>;
type Encoder = SettingsOf<typeof encoderOptions>;
type Folder = SettingsOf<typeof folderOptions> & SettingsOf<typeof planOptions>;

/** What `cluster` and `compare` have in common. */
export type RunsSettings = Source &
  SettingsOf<typeof recipeOptions> &
  FitSettings &
  NetworkSettings &
  Encoder &
  SettingsOf<typeof runOptions> &
  Folder &
  Common;
export type ClusterSettings = RunsSettings & SettingsOf<typeof methodOptions>;
export type CompareSettings = RunsSettings & SettingsOf<typeof methodsOptions>;
export type ElbowSettings = Source &
  FitSettings &
  NetworkSettings &
  Encoder &
  SettingsOf<typeof methodOptions> &
  SettingsOf<typeof rangeOptions> &
  Folder &
  Common;
export type AssignSettings = { readonly run: string; readonly source: string } & SettingsOf<
  typeof sourceOptions
> &
  SettingsOf<typeof fileOptions> &
  SettingsOf<typeof editsOptions> &
  Common;
export type ResumeSettings = { readonly partial: string } & SettingsOf<typeof talkOptions>;
export type RepeatSettings = { readonly run: string } & Common;
export type ExportSettings = { readonly run: string } & SettingsOf<typeof exportOptions> &
  SettingsOf<typeof editsOptions> &
  TalkSettings;
export type NameSettings = {
  readonly run: string;
  readonly cluster: string | undefined;
  readonly text: string | undefined;
} & SettingsOf<typeof nameOptions> &
  TalkSettings;
export type ListSettings = {
  readonly first: string | undefined;
  readonly second: string | undefined;
} & SettingsOf<typeof runsOptions> &
  TalkSettings;
export type TalkSettings = SettingsOf<typeof talkOptions>;
export type DataSetSettings = { readonly name: string } & TalkSettings;
export type DoctorSettings = Common;
export type ExploreSettings = { readonly run: string | undefined } & SettingsOf<typeof explorerOptions> &
  Common;
