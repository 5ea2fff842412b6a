import { repositoryProblem } from '../../weights/hub';

/** Hugging Face's host, as a browser shows it. */
const HOST = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface|hf)\.co\//i;

/** What is behind it on a page of a repository; on a page of one of its revisions, that too. */
const PAGE = /^([^/?#]+\/[^/?#]+)(?:\/(?:tree|blob|resolve|raw|commits?)\/([^/?#]+))?(?:[/?#]|$)/i;

/**
 * The address that somebody meant who wrote `owner/name` or `owner/name@revision`, or copied it from a browser; undefined
 * for what is none of these.
 */
export function meantOnHub(text: string): string | undefined {
  const bare = text.replace(/^hf:\/*/i, '');
  const [, page = '', ofPage] = PAGE.exec(bare.replace(HOST, '')) ?? [];
  // without the host, owner/name/folder may be anything
  const isPage = HOST.test(bare) || ofPage !== undefined;
  const [written = '', ...behindAt] = bare.split('@');
  const repository = isPage ? page.replace(/\.git$/, '') : written;
  // a page has refs/pr/1 as refs%2Fpr%2F1
  const revision = isPage ? (ofPage ?? '').replaceAll(/%2F/gi, '/') : behindAt.join('@');
  if (repositoryProblem(repository) !== undefined) return undefined;
  // a revision that is wrong is told by the address itself
  return revision === '' ? `hf://${repository}` : `hf://${repository}@${revision}`;
}
