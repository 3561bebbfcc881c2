// Which colour a group has and where signs stand that share a point; pure functions, so that they can be tested without a browser.

// Told apart by light as well as by hue; each bears white figures (4.5:1 and more). The accent of the pages is not among them.
export const COLOURS = ['#1c4f8f', '#8a5a2b', '#1a6b34', '#6b3fa0', '#a03a6b', '#00697a', '#7d5200', '#4f5761', '#3d4fb5'];
const NEAR = 6;

/** number → colour: of each group the first that the nearest groups before it do not have. */
export function colourOf(groups) {
  const found = new Map();
  const done = [];
  for (const { number, seat } of groups) {
    const far = ({ seat: other }) => (seat && other ? (other[0] - seat[0]) ** 2 + (other[1] - seat[1]) ** 2 : Infinity);
    const near = [...done].sort((one, two) => far(one) - far(two)).slice(0, NEAR).map((one) => one.colour);
    const from = done.length % COLOURS.length;
    const turned = [...COLOURS.slice(from), ...COLOURS.slice(0, from)];
    const colour = turned.find((one) => !near.includes(one)) ?? turned[0];
    found.set(number, colour);
    done.push({ seat, colour });
  }
  return found;
}

/** [x, y] of each point: those that fall on one another stand in rings around it. */
export function spread(points, step = 11) {
  const told = new Map();
  return points.map(({ x, y }) => {
    const key = `${Math.round(x)},${Math.round(y)}`;
    const place = told.get(key) ?? 0;
    told.set(key, place + 1);
    if (place === 0) return [x, y];
    const distance = step * Math.sqrt(place), angle = place * 2.4; // the golden angle leaves no two in a line
    return [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
  });
}
