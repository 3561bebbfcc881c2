// Bars, lines and pies, each beside the table of its numbers. Loaded only by pages that have a chart.
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { chartOption } from './chart_option.js';
import { texts } from './texts.js';

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/** Read the data of one box: from its attribute, or from an address on this host. */
async function read(box) {
  if (box.dataset.chart) return JSON.parse(box.dataset.chart);
  const address = new URL(box.dataset.chartSrc, window.location.href);
  if (address.origin !== window.location.origin) throw new Error('charts are read from this host only');
  const answer = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function draw(box) {
  if (box.dataset.drawn) return;
  box.dataset.drawn = 'yes';
  try {
    const data = await read(box);
    const chart = init(box, null, { renderer: 'svg' });
    // Type grows with the reader's choice: the size of one rem.
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    // The family by name: text is measured on a canvas, which knows no "inherit", and would come out too narrow.
    chart.setOption(chartOption(data, rem * 0.8125, getComputedStyle(document.body).fontFamily));
    chart.on('click', ({ dataIndex }) => {
      const target = data.links?.[dataIndex];
      if (target && new URL(target, window.location.href).origin === window.location.origin) window.location.assign(target);
    });
    new ResizeObserver(() => chart.resize()).observe(box);
    // Paper is narrower than the screen, and the observer speaks too late for it.
    window.addEventListener('beforeprint', () => chart.resize());
  } catch (fault) {
    // The table beside the chart holds the same numbers; the box only says that the picture is missing.
    console.warn(fault);
    box.classList.add('is-failed');
    box.insertAdjacentText('afterend', texts.noChart);
  }
}

function drawAll() {
  for (const box of document.querySelectorAll('[data-chart], [data-chart-src]')) draw(box);
}
drawAll();
document.addEventListener('htmx:afterSwap', drawAll);
