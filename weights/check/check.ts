import { bytesOf } from '../bytes-of';
import type { Finding } from '../finding';
import type { ModelFolder } from '../model-folder';
import { inspect, type Inspection } from './inspect';
import type { Format } from './model-findings';

/** What the folder is, in numbers. */
export interface Summary {
  /** The folder's own address. */
  readonly address: string;
  /** How the experts are stored, by type and shape. */
  readonly format: Format;
  /** 0 where config.json does not say. */
  readonly layers: number;
  /** Experts a layer; 0 where config.json does not say. */
  readonly experts: number;
  /**
   * Numbers in the tensors that are there, two in each byte of MXFP4; 0 where a shard could not be read or the model is
   * not known.
   */
  readonly parameters: number;
  /** What goes into S3; nothing where the folder could not be listed to its end. */
  readonly upload: Amount;
  /** What stays. */
  readonly leftOut: Amount;
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export interface Report {
  /** Errors first, then warnings, then notes. */
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

/**
 * Says whether Bedrock will take a folder of GPT-OSS weights, and whether the model will behave. A wrong model is
 * findings; only a folder that fails as such (no network, no rights) is an error.
 *
 * Reads small texts and headers, never tensors: at most 64 MB, and 1 MB of a well-formed model.
 */
export async function check(folder: ModelFolder): Promise<readonly Finding[]> {
  return (await inspect(folder)).findings;
}

/** What `check` finds, and the folder in numbers. */
export async function report(folder: ModelFolder): Promise<Report> {
  const inspection = await inspect(folder);
  return { findings: inspection.findings, summary: summarize(folder.address, inspection) };
}

function summarize(address: string, { model, selection }: Inspection): Summary {
  return {
    address,
    format: model?.format ?? 'unknown',
    layers: model?.sizes?.num_hidden_layers ?? 0,
    experts: model?.sizes?.num_local_experts ?? 0,
    parameters: model?.parameters ?? 0,
    upload: amount(selection.upload),
    leftOut: amount(selection.leftOut),
  };
}

function amount(files: readonly { readonly size: number }[]): Amount {
  return { files: files.length, bytes: bytesOf(files) };
}
