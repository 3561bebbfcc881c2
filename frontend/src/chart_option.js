// From the shape in README.md to ECharts' own; a pure function, so that it can be tested without a browser.

// Told apart by light as well as by hue, also in print and by colour-blind readers; the accent comes first.
const COLOURS = ['#b3261e', '#1c4f8f', '#c98a1b', '#3d7a4e', '#7a5aa6', '#5f6a75', '#d0796f', '#6f9bd1', '#8a5a2b'];

/** ECharts option for {type, categories, series, unit, stacked, horizontal}; `size` is the type size in pixels, `family` the type's. */
export function chartOption({ type, categories, series, unit = '', stacked = false, horizontal = false }, size = 13, family = 'sans-serif') {
  const text = { fontSize: size, fontFamily: family, color: '#1f2328' };
  const many = series.length > 1;
  const format = (value) => (value === null || value === undefined ? '—' : `${value}${unit ? ` ${unit}` : ''}`);
  const common = {
    color: COLOURS,
    textStyle: text,
    animation: false,
    aria: { enabled: false, decal: { show: many || type === 'pie' } },
    // Rich text is drawn, not written as HTML with inline styles, which the policy refuses.
    tooltip: { trigger: type === 'pie' ? 'item' : 'axis', renderMode: 'richText', confine: true, valueFormatter: format, textStyle: text },
    legend: many || type === 'pie' ? { bottom: 0, type: 'plain', textStyle: text } : undefined,
  };
  if (type === 'pie') {
    const data = categories.map((name, index) => ({ name, value: series[0].data[index] }));
    return { ...common, series: [{ type: 'pie', radius: ['35%', '65%'], center: ['50%', '44%'], data, label: { ...text, formatter: '{b} {c}' } }] };
  }
  const names = {
    type: 'category', data: categories, inverse: horizontal, axisTick: { alignWithLabel: true },
    axisLabel: { ...text, interval: horizontal ? 0 : 'auto', hideOverlap: true, width: horizontal ? size * 10 : undefined, overflow: 'break' },
  };
  const values = { type: 'value', name: unit, minInterval: 1, axisLabel: text, nameTextStyle: text, splitLine: { lineStyle: { color: '#dfe2e6' } } };
  return {
    ...common,
    grid: { left: 8, right: 24, top: unit ? 36 : 16, bottom: many ? size * 3.5 : 8, containLabel: true },
    xAxis: horizontal ? values : names,
    yAxis: horizontal ? names : values,
    series: series.map(({ name, data }) => ({
      name, data, type, stack: stacked ? 'all' : undefined, barMaxWidth: 36, connectNulls: false, symbolSize: 7,
      label: { show: !many && type === 'bar', position: horizontal ? 'right' : 'top', ...text },
    })),
  };
}
