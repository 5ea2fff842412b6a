/** OpenAI's open-weight models on Hugging Face, each at the commit that this release of the library was written for. */
export class GptOss {
  /** 21 billion parameters, 3.6 billion of them active; 13.8 GB are copied. */
  public static readonly GPT_OSS_20_B = new GptOss('openai/gpt-oss-20b', '6cee5e81ee83917806bbde320786a8fb61efebee');

  /** 117 billion parameters, 5.1 billion of them active; 65 GB are copied. */
  public static readonly GPT_OSS_120_B = new GptOss('openai/gpt-oss-120b', 'b5c939de8f754692c1647ca79fbf85e8c1e70f8a');

  private constructor(
    /** As in `openai/gpt-oss-20b`. */
    public readonly repository: string,
    /** 40 hexadecimal digits. */
    public readonly revision: string,
  ) {}
}
