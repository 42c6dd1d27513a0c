// What a member may see of a class, as playground/classroom/views/ makes it.

export type Phase = "predict" | "run" | "explain" | "compare";

export interface Words {
  en: string;
  ko: string;
}

export interface At {
  number: number;
  phase: Phase;
  revealed: boolean;
  sealed: boolean;
  activity: { title: Words };
  envelope: object | null;
}

export interface View {
  class: { id: string; name: string; solo: boolean; ended: boolean };
  curtain: boolean;
  quiz: "before" | "after" | null;
  count: number;
  you: { number: number; name: string };
  locks: Record<string, unknown>;
  at: At | null;
}
