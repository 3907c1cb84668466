// Our own drawing of a body, as one half: the other is its mirror image. Units of a
// sheet of 200 × 440; x = 100 is the middle. Seen from the front, the half drawn here
// (to the right of the middle) is the person's left.

export const SHEET = { width: 200, height: 440 };

const TORSO_TOP = "M85 69 Q100 76 115 69 C123 73 131 75 137 80 C134 90 134 100 132 110";
const CHEST = `${TORSO_TOP} L130 130 Q100 139 70 130 L68 110 C66 100 66 90 63 80 C69 75 77 73 85 69 Z`;
const WAIST = "M70 130 Q100 139 130 130 C128 142 125 152 125 162 C126 172 129 180 131 187 Q100 198 69 187 C71 180 74 172 75 162 C75 152 72 142 70 130 Z";
const UPPER_ARM = "M137 80 C147 83 152 92 153 104 C155 122 158 140 162 156 Q154 163 146 160 C142 146 137 126 132 110 C134 100 134 90 137 80 Z";
const FOREARM = "M162 156 C167 172 171 192 174 210 Q168 215 162 212 C156 196 150 178 146 160 Q154 163 162 156 Z";
const HAND = "M174 210 C179 216 182 226 182 236 C183 245 181 253 178 258 C175 261 171 258 170 252 C168 246 167 240 166 233 C164 238 162 243 159 243 C156 243 156 237 157 232 C158 225 160 218 162 212 Q168 215 174 210 Z";
const LOWER_LEG = "M128 304 C132 320 132 340 128 358 C125 374 123 386 122 396 Q116 399 111 397 C110 380 107 360 106 342 C105 328 107 316 109 305 Q119 310 128 304 Z";
const FOOT = "M122 396 C124 404 130 411 132 418 C132 425 122 427 114 426 C109 424 110 411 111 397 Q116 399 122 396 Z";
const EAR = "M119 30 C124 26 126 32 125 38 C124 44 121 47 118 46 Z";

// Regions on the middle line.
const MIDDLE = {
  front: {
    scalp: "M81 29 C82 15 90 8 100 8 C110 8 118 15 119 29 C112 22 106 20 100 20 C94 20 88 22 81 29 Z",
    face: "M81 29 C88 22 94 20 100 20 C106 20 112 22 119 29 C121 42 115 57 105 61 Q100 63 95 61 C85 57 79 42 81 29 Z",
    neck: "M90 57 Q95 61 95 61 Q100 63 105 61 L110 57 C110 63 111 67 115 69 Q100 76 85 69 C89 67 90 63 90 57 Z",
    chest: CHEST,
    abdomen: WAIST,
    groin: "M69 187 Q100 198 131 187 C133 193 135 199 135 205 Q118 210 104 224 Q100 227 96 224 Q82 210 65 205 C65 199 67 193 69 187 Z",
  },
  back: {
    scalp: "M81 34 C79 15 89 8 100 8 C111 8 121 15 119 34 C118 44 115 51 111 56 Q100 60 89 56 C85 51 82 44 81 34 Z",
    neck: "M89 56 Q100 60 111 56 C110 63 111 67 115 69 Q100 76 85 69 C89 67 90 63 89 56 Z",
    upper_back: CHEST,
    lower_back: WAIST,
  },
};

// Regions that come in pairs, named without their side.
const PAIRED = {
  front: {
    ear: EAR, upper_arm: UPPER_ARM, forearm: FOREARM, hand: HAND,
    thigh: "M135 205 C139 226 137 250 133 272 C131 286 129 294 128 304 Q119 310 109 305 C107 290 104 264 103 242 C102 234 102 229 104 224 Q118 210 135 205 Z",
    lower_leg: LOWER_LEG, foot: FOOT,
  },
  back: {
    ear: EAR, upper_arm: UPPER_ARM, forearm: FOREARM, hand: HAND,
    buttock: "M100 194 Q116 193 131 187 C134 193 136 200 136 207 C136 219 124 227 111 226 Q102 225 100 216 Z",
    thigh: "M136 207 C138 228 137 250 133 272 C131 286 129 294 128 304 Q119 310 109 305 C107 290 104 264 102 242 L101 221 Q104 226 111 226 C124 227 136 219 136 207 Z",
    lower_leg: LOWER_LEG, foot: FOOT,
  },
};

// Lines that help the eye and mean nothing.
export const LINES = {
  front: ["M88 75 Q94 79 98 78", "M112 75 Q106 79 102 78", "M99 169 Q100 172 101 169", "M113 296 Q118 300 124 296", "M87 296 Q82 300 76 296"],
  back: ["M100 80 L100 182", "M112 92 Q120 100 118 114", "M88 92 Q80 100 82 114", "M112 302 Q118 299 125 302", "M88 302 Q82 299 75 302"],
};

// -> [{region, path, mirrored}]; seen from the back, left and right change places.
export function regions(side) {
  const here = side === "front" ? "left" : "right";
  const there = side === "front" ? "right" : "left";
  const middle = Object.entries(MIDDLE[side]).map(([region, path]) => ({ region, path, mirrored: false }));
  const pairs = Object.entries(PAIRED[side]).flatMap(([part, path]) => [
    { region: `${here}_${part}`, path, mirrored: false },
    { region: `${there}_${part}`, path, mirrored: true },
  ]);
  // Ears lie behind the face, so they come first.
  return [...pairs, ...middle];
}
