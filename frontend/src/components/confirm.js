// Asks before a form is sent. Without this script the form is sent; where it matters the server asks again.
import { texts } from '../texts.js';

let counter = 0;

/** Make the dialog for one question; resolves to true or false. */
function ask({ question, yes, word }) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const dialog = document.createElement('dialog');
    dialog.className = 'dialog';
    counter += 1;
    const paragraph = Object.assign(document.createElement('p'), { id: `question-${counter}`, textContent: question });
    dialog.setAttribute('aria-labelledby', paragraph.id);
    dialog.append(paragraph);
    const actions = Object.assign(document.createElement('div'), { className: 'dialog__actions' });
    const no = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-outline-secondary', textContent: texts.cancel });
    const go = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn-primary', textContent: yes });
    actions.append(no, go);
    if (word) {
      const label = Object.assign(document.createElement('label'), { className: 'form-label', textContent: texts.typeWord(word) });
      const input = Object.assign(document.createElement('input'), { className: 'form-control', autocomplete: 'off' });
      label.append(input);
      dialog.append(label);
      go.disabled = true;
      input.addEventListener('input', () => { go.disabled = input.value.trim() !== word; });
      input.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !go.disabled) go.click(); });
    }
    dialog.append(actions);
    let answer = false;
    go.addEventListener('click', () => { answer = true; dialog.close(); });
    no.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      dialog.remove();
      before?.focus();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    if (!word) no.focus();
  });
}

/** On a form with `data-confirm`; `{n}` in the question is the number of selected rows. */
export const confirm = () => ({
  init() {
    const form = this.$root;
    let agreed = false;
    form.addEventListener('submit', async (event) => {
      // A batch form has several buttons: the one pressed may carry its own question.
      const source = event.submitter?.dataset.confirm ? event.submitter : form;
      if (agreed || !source.dataset.confirm) {
        agreed = false;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const count = form.querySelectorAll('input[data-row]:checked').length;
      const question = source.dataset.confirm.replaceAll('{n}', String(count));
      if (!(await ask({ question, yes: source.dataset.confirmYes ?? texts.confirm, word: source.dataset.confirmWord }))) return;
      agreed = true;
      form.requestSubmit(event.submitter ?? undefined);
    }, { capture: true });
  },
});
