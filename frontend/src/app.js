// Every page loads this. Scripts only shorten the way: each page works without them (see README.md).
import Alpine from '@alpinejs/csp';
import { autosave } from './components/autosave.js';
import { columnChooser } from './components/columns.js';
import { confirm } from './components/confirm.js';
import { firstError } from './components/errors.js';
import { rowSelection } from './components/rows.js';
import { scores } from './components/scores.js';
import { shell } from './components/shell.js';
import { suggest } from './components/suggest.js';
import { tabs } from './components/tabs.js';
import { upload } from './components/upload.js';
import './everywhere.js';
import './htmx.js';

document.documentElement.classList.add('js');
for (const [name, component] of Object.entries({ autosave, columnChooser, confirm, firstError, rowSelection, scores, shell, suggest, tabs, upload })) {
  Alpine.data(name, component);
}
Alpine.start();
