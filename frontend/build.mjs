// Builds app.css, app.js, charts.js, map.js, map.css and icons.svg into the ui app's static folder. Run by `python3 dev.py setup` and by hatch_build.py.
// Names are stable: the server's static files add a digest of their own.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lightOnly } from './light.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, '..', 'src', 'liaoyuan', 'ui', 'static', 'ui', 'build');

// One line a group; add a name of Tabler's outline set here before using it in a page.
const ICONS = `
  home search bell building building-community chart-bar database list list-check list-details clipboard-list refresh
  file-import file-export file-text file-spreadsheet download upload paperclip
  users user user-plus shield key lock lock-open settings logout login
  map-pin history calendar clock-hour-4 printer columns filter adjustments
  plus edit trash check x alert-triangle info-circle help-circle ban circle-check circle-x circle-dashed
  chevron-right chevron-left chevron-down chevron-up chevrons-left chevrons-right arrow-back-up arrow-up arrow-down arrows-sort dots menu-2 external-link
  book scale language text-size eye eye-off star flag link phone mail copy qrcode certificate cash coin heart-handshake
  tag category world git-compare arrows-diff rosette-discount-check
`.trim().split(/\s+/);

function sprite() {
  const folder = join(here, 'node_modules', '@tabler', 'icons', 'icons', 'outline');
  const symbols = ICONS.map((name) => {
    const source = readFileSync(join(folder, `${name}.svg`), 'utf8');
    const paths = source
      .slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.lastIndexOf('</svg>'))
      .replace(/<path stroke="none"[^>]*>/, '')
      .replace(/\s+/g, ' ')
      .trim();
    // Presentation attributes, not style: the policy of the pages allows no inline style.
    const look = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${name}" viewBox="0 0 24 24" ${look}>${paths}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

const tablerInLight = {
  name: 'tabler-in-light',
  setup: ({ onLoad }) => onLoad({ filter: /tabler\.css$/ }, ({ path }) => ({ contents: lightOnly(readFileSync(path, 'utf8')), loader: 'css' })),
};
const common = {
  absWorkingDir: here,
  outdir: output,
  bundle: true,
  minify: true,
  target: ['chrome100', 'firefox100', 'safari15.4'],
  legalComments: 'linked', // the licences of what is bundled, beside it
  logLevel: 'warning',
};

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
await Promise.all([
  build({ ...common, entryPoints: { app: 'src/app.js', charts: 'src/charts.js', map: 'src/map.js' }, format: 'iife' }),
  build({ ...common, entryPoints: { app: 'src/css/app.css' }, plugins: [tablerInLight] }),
  // Leaflet's few images go into the sheet: pages may show `data:` and nothing of another host.
  build({ ...common, entryPoints: { map: 'src/css/map.css' }, loader: { '.png': 'dataurl' } }),
]);
writeFileSync(join(output, 'icons.svg'), sprite());
