// SPDX-License-Identifier: Apache-2.0
// Short names for what the API's description calls its schemas.
import type { components } from "./generated/schema";

type Schemas = components["schemas"];
export type ClockSkew = Schemas["ClockSkew"];
export type DoorCount = Schemas["DoorCount"];
export type DoorName = Schemas["DoorName"];
export type FieldList = Schemas["FieldList"];
export type GoTo = Schemas["GoTo"];
export type Histogram = Schemas["Histogram"];
export type Item = Schemas["Item"];
export type ItemDetail = Schemas["ItemDetail"];
export type ItemList = Schemas["ItemList"];
export type Join = Schemas["Join"];
export type JoinKind = Schemas["JoinKind"];
export type LogLine = Schemas["LogLine"];
export type LogList = Schemas["LogList"];
export type Occurrence = Schemas["Occurrence"];
export type PathShare = Schemas["PathShare"];
export type Request = Schemas["Request"];
export type RequestList = Schemas["RequestList"];
export type Row = Schemas["Row"];
export type Status = Schemas["Status"];
export type SiblingGroup = Schemas["SiblingGroup"];
export type Trace = Schemas["Trace"];
export type TraceHit = Schemas["TraceHit"];
export type TraceMinimap = Schemas["Minimap"];
export type TracePage = Schemas["TracePage"];
export type TraceRowDetail = Schemas["TraceRowDetail"];
export interface Answers {
  FieldList: FieldList;
  GoTo: GoTo;
  Histogram: Histogram;
  ItemDetail: ItemDetail;
  ItemList: ItemList;
  LogList: LogList;
  RequestList: RequestList;
  Status: Status;
  Trace: Trace;
  TraceHit: TraceHit;
  TracePage: TracePage;
  TraceRowDetail: TraceRowDetail;
}
