export * from './gpt-oss-import-provider';
export * from './gpt-oss-imported-model';
export * from './gpt-oss-imported-model-props';
export * from './gpt-oss';
export * from './hugging-face-source-options';
export * from './imported-model';
export * from './model-source';
export * from './weights-bucket';
