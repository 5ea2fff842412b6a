import { repositoryProblem } from '../../weights/hub';

/** A page of Hugging Face, of a repository or one of its files, as a browser shows it; or what is behind its host. */
const PAGE =
  /^(?:(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/|(?=[^/]+\/[^/]+\/(?:tree|blob)\/))([^/?#]+\/[^/?#]+)(?:\/(?:tree|blob|resolve|raw|commits?)\/([^/?#]+))?(?:[/?#].*)?$/i;

/**
 * The address that somebody meant who wrote `owner/name` or `owner/name@revision`, or copied it from a browser; undefined
 * for what is none of these.
 */
export function meantOnHub(text: string): string | undefined {
  const bare = text.replace(/^hf:\/*/i, '');
  const [, page, ofPage] = PAGE.exec(bare) ?? [];
  const [written = '', ...behindAt] = bare.split('@');
  const repository = page?.replace(/\.git$/, '') ?? written;
  // a page has refs/pr/1 as refs%2Fpr%2F1
  const revision = page === undefined ? behindAt.join('@') : (ofPage ?? '').replaceAll(/%2F/gi, '/');
  if (repositoryProblem(repository) !== undefined) return undefined;
  // a revision that is wrong is told by the address itself
  return revision === '' ? `hf://${repository}` : `hf://${repository}@${revision}`;
}
