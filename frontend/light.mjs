// Tabler writes every colour as light-dark(light, dark). We have no dark mode, and browsers before 2024 know no light-dark():
// in them such a colour would be none at all. So the light half is taken while building.

/** Return the CSS with each `light-dark(a, b)` replaced by `a`. */
export function lightOnly(css) {
  const word = 'light-dark(';
  let result = '';
  let rest = css;
  for (let at = rest.indexOf(word); at >= 0; at = rest.indexOf(word)) {
    result += rest.slice(0, at);
    rest = rest.slice(at + word.length);
    let depth = 0;
    let comma = -1;
    let end = 0;
    for (; end < rest.length; end += 1) {
      const char = rest[end];
      if (char === '(') depth += 1;
      else if (char === ',' && depth === 0 && comma < 0) comma = end;
      else if (char === ')') {
        if (depth === 0) break;
        depth -= 1;
      }
    }
    if (comma < 0 || end === rest.length) throw new Error(`light-dark() without two halves near: ${rest.slice(0, 60)}`);
    // The light half may hold another one.
    result += lightOnly(rest.slice(0, comma).trim());
    rest = rest.slice(end + 1);
  }
  return result + rest;
}
