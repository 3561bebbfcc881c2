// The menu of small screens: without this script `href="#sidebar"` opens it by :target.

/** On `.shell`; finds `[data-menu-toggle]` and `#sidebar`. */
export const shell = () => ({
  init() {
    this.sidebar = this.$root.querySelector('#sidebar');
    this.button = this.$root.querySelector('[data-menu-toggle]');
    if (!this.sidebar || !this.button) return;
    this.button.setAttribute('role', 'button');
    this.set(false);
    this.button.addEventListener('click', (event) => {
      event.preventDefault();
      this.set(!this.sidebar.classList.contains('is-open'));
    });
    this.button.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      this.button.click();
    });
    this.sidebar.querySelector('.sidebar__close')?.addEventListener('click', () => this.set(false));
    this.outside = (event) => {
      if (this.isOpen() && !this.sidebar.contains(event.target) && !this.button.contains(event.target)) this.set(false);
    };
    this.escape = (event) => {
      if (event.key !== 'Escape' || !this.isOpen()) return;
      this.set(false);
      this.button.focus();
    };
    document.addEventListener('click', this.outside);
    document.addEventListener('keydown', this.escape);
  },
  destroy() {
    document.removeEventListener('click', this.outside);
    document.removeEventListener('keydown', this.escape);
  },
  isOpen() {
    return this.sidebar.classList.contains('is-open');
  },
  set(open) {
    this.sidebar.classList.toggle('is-open', open);
    this.button.setAttribute('aria-expanded', String(open));
    if (open) (this.sidebar.querySelector('[aria-current]') ?? this.sidebar.querySelector('a'))?.focus();
  },
});
