// Our own drawings of what is wanted: the place, the telephone, how far away it is held.
// Sheets of 320 × 180. Figures only, no words: they are read in every language.

const PHONE = (x, y) => `<rect class="phone" x="${x}" y="${y}" width="30" height="58" rx="5"/>
  <circle class="lens" cx="${x + 7}" cy="${y + 8}" r="3.4"/>`;
const AWAY = (from, to, y, words) => `<path class="far" d="M${from} ${y} H${to} M${from + 7} ${y - 5} L${from} ${y} L${from + 7} ${y + 5}
  M${to - 7} ${y - 5} L${to} ${y} L${to - 7} ${y + 5}"/><text class="figure" x="${(from + to) / 2}" y="${y - 8}">${words}</text>`;
const RAYS = (x, y, tx, top, bottom) => `<path class="ray" d="M${x} ${y} L${tx} ${top} M${x} ${y} L${tx} ${bottom}"/>`;
const DOTS = (places) => places.map(([x, y, r]) => `<circle class="rash" cx="${x}" cy="${y}" r="${r}"/>`).join("");

const ARM = `<path class="skin" d="M8 20 C22 16 38 18 46 30 L66 96 C70 108 84 112 96 106 L138 84 C144 80 150 74 154 70 C159 66 163 71 159 76
  L154 84 L172 76 C178 74 180 80 175 83 L178 83 C183 84 182 90 177 91 L176 95 C180 97 178 102 173 102 L168 105 C168 109 163 111 158 110
  C152 111 148 110 142 112 L100 142 C78 154 52 146 42 124 L8 60 Z"/>`;
const PATCH = `<rect class="skin" x="14" y="32" width="130" height="116" rx="22"/>`;
const BACK = `<path class="skin" d="M58 14 C58 28 54 34 38 38 C22 42 14 52 12 78 L8 132 L24 134 L32 84 L36 168 H104 L108 84 L116 134
  L132 132 L128 78 C126 52 118 42 102 38 C86 34 82 28 82 14 Z"/><path class="far" d="M70 44 V150"/>`;
const HAND = `<path class="skin" d="M10 108 C36 96 44 84 60 66 C66 60 74 66 70 74 L62 92 L128 62 C138 58 142 68 133 73 L96 92
  L140 82 C150 80 151 91 142 93 L98 104 L136 102 C145 102 145 112 136 113 L94 116 L122 118 C130 119 129 128 121 128
  C92 130 62 136 40 146 L18 156 Z"/>`;

export const DRAWINGS = {
  location: ARM + `<circle class="spot" cx="112" cy="116" r="5"/>` + RAYS(272, 84, 186, 24, 140) + PHONE(272, 56) + AWAY(188, 270, 168, "30 cm"),
  close_up: PATCH + `<circle class="spot" cx="64" cy="88" r="11"/><circle class="coin" cx="104" cy="92" r="17"/>
    <text class="figure" x="104" y="98">1</text>` + RAYS(222, 78, 146, 46, 136) + PHONE(222, 50) + AWAY(148, 218, 166, "20 cm"),
  distribution: BACK + DOTS([[50, 66, 6], [88, 70, 7], [60, 92, 5], [82, 104, 6], [54, 122, 7], [90, 132, 5], [70, 144, 4], [46, 100, 4]])
    + RAYS(278, 78, 134, 14, 168) + PHONE(278, 50) + AWAY(140, 274, 172, "1 m"),
  rash_close_up: PATCH + DOTS([[46, 64, 9], [78, 58, 7], [108, 74, 10], [62, 96, 8], [92, 108, 11], [52, 126, 7], [118, 124, 6]])
    + RAYS(222, 78, 146, 46, 136) + PHONE(222, 50) + AWAY(148, 218, 166, "20 cm"),
  overview: HAND + RAYS(240, 78, 146, 60, 130) + PHONE(240, 50),
};
