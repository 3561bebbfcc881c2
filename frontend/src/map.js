// Groups of a plan over the outline of their area, drawn by Leaflet. Loaded only by pages that have a map; the drawing and the lists
// beside it say the same without scripts. No request leaves this host unless the installation names a tile server.
import { CircleMarker, Control, DivIcon, FeatureGroup, GeoJSON, LatLngBounds, Map as LeafletMap, Marker, Point, Polyline, TileLayer } from 'leaflet/dist/leaflet-src.esm.js';
import { colourOf, spread } from './map_layout.js';
import { texts } from './texts.js';

const LINE = '#4f5761';

/** Text of a popup: lines and a link, as nodes, so that no name is ever read as HTML. */
function bubble({ title, lines = [], href, word, seen }) {
  const box = document.createElement('div');
  box.className = 'plan-map__bubble';
  const head = box.appendChild(document.createElement('strong'));
  head.textContent = title;
  for (const line of lines) box.appendChild(document.createElement('p')).textContent = line;
  for (const [address, text] of [[href, word], seen ?? []]) {
    if (!address) continue;
    const link = box.appendChild(document.createElement('a'));
    link.href = address;
    link.textContent = text;
  }
  return box;
}

/** The name of a sign under the pointer. Leaflet's own tooltips listen for the focus, which makes each sign a stop of the Tab key. */
function named(dot, name) {
  const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  title.textContent = name;
  dot.getElement().append(title);
  return dot;
}

function numbered(number, colour, label, stable) {
  const icon = new DivIcon({ className: `plan-map__seat${stable ? ' plan-map__seat--stable' : ''}`, html: `${Number(number)}`, iconSize: null });
  const marker = new Marker([0, 0], { icon, keyboard: true, riseOnHover: true });
  // Through the element, not in its HTML: the policy of the pages allows no style in a page's text.
  marker.on('add', () => {
    const sign = marker.getElement();
    sign.style.backgroundColor = colour;
    sign.setAttribute('aria-label', label);
  });
  return marker;
}

class PlanMap {
  constructor(box, data) {
    this.box = box;
    this.data = data;
    this.groups = new Map();
    this.chosen = null;
    this.seats = [];
    this.map = new LeafletMap(box, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false,
      // One finger moves the page, two move the map.
      dragging: !window.matchMedia('(hover: none) and (pointer: coarse)').matches, minZoom: 7, maxZoom: 18,
    });
    this.map.on('focus', () => this.map.scrollWheelZoom.enable());
    this.map.on('blur', () => this.map.scrollWheelZoom.disable());
    new Control.Zoom({ position: 'bottomright', zoomInTitle: data.words.closer, zoomOutTitle: data.words.farther }).addTo(this.map);
    new Control.Scale({ imperial: false }).addTo(this.map);
    this.ground();
    this.map.fitBounds(this.extent(), { padding: [28, 28], maxZoom: 16, animate: false });
    this.draw();
    this.place();
    this.map.on('zoomend', () => this.place());
    this.map.on('popupclose', () => this.mark(null));
    this.rows();
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(box);
  }

  ground() {
    const { tiles, outline } = this.data;
    if (tiles) {
      new Control.Attribution({ prefix: false }).addTo(this.map);
      const credit = document.createElement('span');
      credit.textContent = tiles.credit;
      new TileLayer(tiles.url, { attribution: credit.innerHTML, maxZoom: 18, referrerPolicy: 'same-origin' }).addTo(this.map);
    }
    if (outline) {
      this.outline = new GeoJSON(outline, { interactive: false, style: { color: LINE, weight: 2, fillColor: '#ffffff', fillOpacity: tiles ? 0 : 0.9 } }).addTo(this.map);
    }
  }

  extent() {
    const found = new LatLngBounds([]);
    for (const group of this.data.groups) for (const [at] of group.units) found.extend(at);
    for (const { at } of this.data.others) found.extend(at);
    return found.isValid() ? found : this.outline.getBounds();
  }

  draw() {
    const colours = colourOf(this.data.groups);
    for (const group of this.data.groups) this.group(group, colours.get(group.number));
    for (const other of this.data.others) this.other(other);
  }

  /** One group: an arm from its seat to each unit, the units, the seat with the group's number on top. */
  group(group, colour) {
    const row = document.querySelector(`a[href="#map-group-${group.number}"]`)?.closest('tr');
    const label = `${group.title}${group.lines.length ? `。${group.lines.join('。')}` : ''}`;
    const layer = new FeatureGroup().addTo(this.map);
    const kept = { layer, colour, row, arms: [], dots: [] };
    for (const [at, name, isSeat, rough] of group.units) {
      if (isSeat) {
        kept.seat = numbered(group.number, colour, label, group.stable);
        this.seats.push({ layer: kept.seat.addTo(layer), at });
        continue;
      }
      const dot = new CircleMarker(at, { radius: 6, color: '#ffffff', weight: 1.5, fillColor: colour, fillOpacity: 0.95, dashArray: rough ? '2 2' : null, className: 'plan-map__unit' });
      if (group.seat) kept.arms.push({ line: new Polyline([group.seat, at], { color: colour, weight: 2.5, opacity: 0.9, interactive: false }).addTo(layer), from: group.seat, dot });
      kept.dots.push(dot);
      this.seats.push({ layer: named(dot.addTo(layer), name), at });
    }
    if (kept.seat) kept.seat.bindTooltip(group.title, { direction: 'top', offset: new Point(0, -10) });
    const told = () => bubble({ ...group, seen: row ? [`#${this.anchor(row, group.number)}`, this.data.words.row] : null });
    layer.bindPopup(told, { maxWidth: 280, closeButton: true });
    layer.on('popupopen', () => this.mark(group.number));
    this.groups.set(group.number, kept);
  }

  anchor(row, number) {
    row.id ||= `row-group-${number}`;
    return row.id;
  }

  other({ state, at, to, title, lines, href, word }) {
    const open = state === 'open';
    const options = open
      ? { radius: 5.5, color: '#1f2328', weight: 2, fillColor: '#ffffff', fillOpacity: 1, dashArray: '3 2', className: 'plan-map__open' }
      : { radius: 5, color: '#1c4f8f', weight: 2, fillColor: '#9fc0e6', fillOpacity: 1, className: 'plan-map__attached' };
    if (to) new Polyline([at, to], { color: '#1c4f8f', weight: 1.5, dashArray: '4 4', interactive: false }).addTo(this.map);
    const dot = new CircleMarker(at, options).addTo(this.map);
    named(dot, title).bindPopup(() => bubble({ title, lines, href, word }), { maxWidth: 280 });
    this.seats.push({ layer: dot, at });
  }

  /** Signs that share a point stand around it, some pixels apart at every zoom. */
  place() {
    const points = this.seats.map(({ at }) => this.map.latLngToLayerPoint(at));
    spread(points).forEach(([x, y], index) => this.seats[index].layer.setLatLng(this.map.layerPointToLatLng(new Point(x, y))));
    for (const { arms, seat } of this.groups.values()) {
      for (const { line, from, dot } of arms) line.setLatLngs([seat ? seat.getLatLng() : from, dot.getLatLng()]);
    }
  }

  /** Let one group stand out, here and in the table; null lets go. */
  mark(number) {
    this.chosen = number;
    for (const [key, { layer, arms, dots, seat, row }] of this.groups) {
      const faint = number !== null && key !== number;
      for (const { line } of arms) line.setStyle({ opacity: faint ? 0.15 : 0.9, weight: key === number ? 5 : 2.5 });
      for (const dot of dots) dot.setStyle({ opacity: faint ? 0.2 : 1, fillOpacity: faint ? 0.2 : 0.95 });
      if (seat) seat.setOpacity(faint ? 0.35 : 1);
      row?.classList.toggle('is-selected', key === number);
      if (key === number) layer.bringToFront();
    }
    this.box.dataset.chosen = number ?? '';
  }

  show(number) {
    const kept = this.groups.get(number);
    if (!kept) return;
    const bounds = kept.layer.getBounds();
    if (bounds.isValid() && !this.map.getBounds().contains(bounds)) this.map.fitBounds(bounds, { padding: [48, 48], maxZoom: 15, animate: false });
    const sign = kept.seat ?? kept.dots[0];
    kept.layer.openPopup(sign?.getLatLng());
  }

  rows() {
    for (const [number, { row, colour }] of this.groups) {
      if (!row) continue;
      row.classList.add('plan-map__row');
      const badge = row.querySelector('.plan-map__badge');
      if (badge) badge.style.backgroundColor = colour;
      row.addEventListener('click', (event) => {
        if (!event.target.closest('a, button, input, label, summary')) this.show(number);
      });
    }
    // Rows that are no group of this picture have no such link; where the map is off the screen the link brings it in.
    document.addEventListener('click', (event) => {
      const link = event.target.closest?.('a[href^="#map-group-"]');
      const number = link && Number(link.hash.slice('#map-group-'.length));
      if (!link || !this.groups.has(number)) return;
      event.preventDefault();
      this.box.scrollIntoView({ block: 'nearest' });
      this.box.focus({ preventScroll: true });
      this.show(number);
    });
  }
}

async function start(box) {
  const live = box.querySelector('[data-map-live]');
  try {
    const address = new URL(box.dataset.mapSrc, window.location.href);
    if (address.origin !== window.location.origin) throw new Error('maps are read from this host only');
    const answer = await fetch(address, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const data = await answer.json();
    if (!data.groups.length && !data.others.length && !data.outline) return;
    box.classList.add('is-drawn');
    new PlanMap(live, data);
  } catch (fault) {
    // The drawing made on the server stays, and says the same.
    console.warn(fault);
    box.classList.remove('is-drawn');
    box.insertAdjacentText('beforeend', texts.noMap);
  }
}

for (const box of document.querySelectorAll('[data-map-src]')) start(box);
