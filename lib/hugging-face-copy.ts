/**
 * What a deployment has copied from Hugging Face, for outputs, dashboards and audits. All of it is known when the stack is
 * deployed; prefix and commit at synth already where the revision is a commit. It changes with the model, so that in
 * another stack it belongs in a parameter rather than in an export.
 */
export interface HuggingFaceCopy {
  /** Folder of the copy in the bucket: `hf/<owner>/<name>/<commit>-<repairs>/`. */
  readonly prefix: string;

  /** Commit that was copied, 40 hexadecimal digits: of a branch or a tag, the one that it was then. */
  readonly commit: string;

  /** How many files the copy has, a number as text. */
  readonly files: string;

  /** Bytes of these files together, a number as text. */
  readonly bytes: string;

  /** Hash of the copy's lock file, which has the SHA-256 of every file: 64 hexadecimal digits. */
  readonly hash: string;
}
