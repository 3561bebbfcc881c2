// One place where scripts speak: a message on top of the page that is read aloud too.

/** Show a sentence; `kind` is success, warn, error or info. A new sentence takes the place of the last one. */
export function announce(sentence, kind = 'info') {
  let box = document.getElementById('announcement');
  if (!box) {
    box = document.createElement('div');
    box.id = 'announcement';
    box.setAttribute('role', 'status');
    const main = document.getElementById('main') ?? document.body;
    main.prepend(box);
  }
  box.className = `message message--${kind}`;
  // Filled a moment later: a region that appears together with its text is not read aloud.
  setTimeout(() => {
    box.textContent = sentence;
    if (kind === 'error') box.scrollIntoView({ block: 'nearest' });
  }, 50);
}
