// Which columns a list shows stands in its address (`cols=`), so the chooser is an ordinary GET form.

/** On the form; `[data-all]` ticks everything, `[data-default]` the boxes with `data-on`. */
export const columnChooser = () => ({
  init() {
    const form = this.$root;
    const boxes = () => [...form.querySelectorAll('input[type="checkbox"][name="cols"]')];
    const button = form.querySelector('[data-submit]');
    if (button) button.hidden = true;
    const submit = () => form.requestSubmit(button ?? undefined);
    form.addEventListener('change', (event) => {
      // A table without columns says nothing: the last box stays ticked.
      if (!boxes().some((box) => box.checked)) event.target.checked = true;
      submit();
    });
    for (const [selector, rule] of [['[data-all]', () => true], ['[data-default]', (box) => box.hasAttribute('data-on')]]) {
      form.querySelector(selector)?.addEventListener('click', (event) => {
        event.preventDefault();
        for (const box of boxes()) box.checked = rule(box);
        submit();
      });
    }
  },
});
