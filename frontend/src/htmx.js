// htmx under a strict policy: nothing evaluated, nothing injected, nothing kept on the disk.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { announce } from './announce.js';
import { texts } from './texts.js';

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  // Pages hold personal data: going back asks the server again instead of reading a copy from the browser's storage.
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  defaultSwapStyle: 'outerHTML',
  scrollBehavior: 'instant',
  timeout: 0,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true }, // a form with its findings
    { code: '[45]..', swap: false, error: true },
  ],
});

/** The token that the server asks for with every request that is not a GET. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

document.addEventListener('htmx:configRequest', (event) => {
  if (event.detail.verb !== 'get') event.detail.headers['X-CSRFToken'] = csrfToken();
});
document.addEventListener('htmx:responseError', (event) => {
  const { status } = event.detail.xhr;
  announce(status === 401 || status === 403 ? texts.forbidden : texts.failed(status), 'error');
});
document.addEventListener('htmx:sendError', () => announce(texts.offline, 'error'));

export { htmx };
