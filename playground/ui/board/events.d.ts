// A run's events as browsers get them. Made of playground/events.py: python -m tests.ui.event_types

/** An epoch has been trained and validated. */
export interface EpochEnd {
  /** 1 is the first. */
  epoch: number;
  /** Mean over the epoch, while the weights changed, 0 to 1. */
  accuracy: number;
  /** Mean over the epoch. */
  loss: number;
  /** On the validation images, at the epoch's end, 0 to 1. */
  val_accuracy: number;
  /** On the validation images. */
  val_loss: number;
  /** Counts of validation images, 10 × 10: rows true labels, columns predicted. */
  confusion: number[][];
  /** Duration, validation included. */
  seconds: number;
  /** At the epoch's end. */
  learning_rate: number;
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** How the final weights do, without dropout: on the test images and on the training photos. */
export interface Evaluation {
  /** On the 10,000 test images, 0 to 1. */
  accuracy: number;
  /** On the test images. */
  loss: number;
  /** On the photos of the data set that were trained on, by the labels that were trained on, wrong ones too, 0 to 1. Older runs have none. */
  train_accuracy?: number | null;
  /** On these photos. */
  train_loss?: number | null;
  /** Counts of test images, 10 × 10: rows true labels, columns predicted. */
  confusion: number[][];
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

export type HookCall = [string, number | null, number, number, number];

/** Which hooks of a callback Keras has called. */
export interface HookCalls {
  /** Hook, epoch (None outside of epochs), seconds of the first and the last call since training began, number of calls; in the order of the first calls, at most 8 an epoch and 10 more. */
  calls: HookCall[];
  /** None if no hook has ended training. */
  stop: HookStop | null;
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** Which hook set `stop_training`. */
export interface HookStop {
  hook: string;
  /** 1 is the first. */
  epoch: number;
}

/** The learning rate was set by hand. Loss and accuracy say where to mark it. */
export interface LearningRateChange {
  /** Epochs done; 2.3 is within the third. */
  epoch: number;
  /** From the next step on. */
  learning_rate: number;
  /** The newest; None before the first chunk. */
  loss: number | null;
  /** The newest; None before the first chunk. */
  accuracy: number | null;
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** Something that those who watch the run must know; not kept. */
export interface Notice {
  /** A sentence; empty when it is over. */
  message: string;
}

/** What the network makes of the pinned drawing. */
export interface PinnedPrediction {
  /** 0 is before training. */
  epoch: number;
  /** Of each label, 0 to 1. */
  probabilities: number[];
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** A chunk of an epoch has been trained. */
export interface Progress {
  /** Epochs done; 2.3 is within the third. */
  epoch: number;
  /** Mean since the last progress event, 0 to 1. */
  accuracy: number;
  /** Mean since the last progress event. */
  loss: number;
  /** All epochs of the run. */
  epochs: number;
  /** Steps done in this epoch. */
  step: number;
  /** All steps of this epoch. */
  steps: number;
  /** None before the second chunk. */
  images_per_second: number | null;
  /** None before the second chunk. */
  seconds_left: number | null;
  /** Where the steps of `step_losses` end, in epochs; as long as that list. */
  step_epochs: number[];
  /** The least and the greatest loss among some steps, maybe none; see training/step_losses.py. */
  step_losses: number[];
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** Where a run stands; the value is the word on the screen, in English. */
export type Status = "Queued" | "Starting" | "Running" | "Paused" | "Finished" | "Stopped" | "Failed" | "Interrupted";

/** Where the run stands from now on. A waiting run's queue position is told as a status, too: the reason says it, and it is not kept (seq 0). */
export interface StatusChange {
  status: Status;
  /** A sentence; may be empty. */
  reason: string;
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** The watched metric is above the threshold, so training ends. */
export interface ThresholdPassed {
  /** 1 is the first. */
  epoch: number;
  metric: "accuracy" | "val_accuracy";
  /** Of the metric, 0 to 1. */
  value: number;
  /** 0 to 1. */
  threshold: number;
  /** When the worker sent it, in seconds since 1970. */
  time?: number | null;
}

/** What happened, by the event's kind. */
export interface Data {
  status: StatusChange;
  progress: Progress;
  epoch: EpochEnd;
  learning_rate: LearningRateChange;
  threshold: ThresholdPassed;
  test: Evaluation;
  hooks: HookCalls;
  pinned: PinnedPrediction;
  notice: Notice;
}

export type Kind = keyof Data;

/** Seq 0 is not kept. */
export type Event = { [K in Kind]: { seq: number; kind: K; data: Data[K] } }[Kind];
