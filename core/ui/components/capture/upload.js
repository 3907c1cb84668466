// Sends one picture and turns whatever happens into a sentence.

const SENTENCES = {
  network: "The picture could not be sent: no connection. It is kept here. Check the network, then try again.",
  expired: "The permission to send has run out. The picture is kept here. Try again; if that fails, sign in again.",
  large: "This file is too large. Send a smaller one, or take the picture again.",
  server: "The service could not take the picture just now. It is kept here. Try again in a moment.",
  refused: "The service did not accept this picture. Take it again, or choose another one.",
};

// crypto.randomUUID is missing on pages without TLS; getRandomValues is not.
function newId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = Array.from(b, (n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText) ?? {};
  } catch {
    return {};
  }
}

function failure(request, sentences) {
  const status = request.status;
  const said = answerOf(request).sentence;
  if (status === 401 || status === 403) return { sentence: said || sentences.expired, expired: true, again: true };
  if (status === 413) return { sentence: said || sentences.large, again: false };
  if (status === 408 || status === 429 || status >= 500) return { sentence: said || sentences.server, again: true };
  return { sentence: said || sentences.refused, again: false };
}

// A picture on its way. Its id is made once, so the server knows a repeat for what it is;
// and a second send() while one is under way is the same one.
export class Upload {
  // sentences: the same in another language; stall: ms without a byte moving, after which
  // it is given up (without: two minutes in all).
  constructor(blob, { source, device = "", fileName = "", sentences = SENTENCES, stall = 0 }) {
    this.sentences = sentences;
    this.stall = stall;
    this.id = newId();
    this.blob = blob;
    this.source = source;
    this.device = device;
    this.fileName = fileName;
    this.underWay = null;
  }

  // -> {answer} | {sentence, again, expired?, network?}
  send(target, onProgress = () => {}) {
    this.underWay ??= this.put(target, onProgress).finally(() => { this.underWay = null; });
    return this.underWay;
  }

  put({ url, ticket }, onProgress) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("PUT", url + this.id);
      const moving = this.watch(request);
      request.setRequestHeader("Content-Type", this.blob.type || "application/octet-stream");
      request.setRequestHeader("X-Upload-Ticket", ticket);
      request.setRequestHeader("X-Source", this.source);
      request.setRequestHeader("X-Device", encodeURIComponent(this.device));
      request.setRequestHeader("X-File-Name", encodeURIComponent(this.fileName));
      request.upload.onprogress = (e) => { moving(); if (e.lengthComputable) onProgress(e.loaded / e.total); };
      request.upload.onload = moving;
      request.onloadend = () => clearTimeout(this.waiting);
      request.onload = () => done(request.status === 200 || request.status === 201
        ? { answer: this.result(answerOf(request)) } : failure(request, this.sentences));
      request.onerror = request.ontimeout = request.onabort = () => done({
        sentence: this.sentences.network, again: true, network: true,
      });
      request.send(this.blob);
    });
  }

  // A large picture on a poor line takes minutes: what counts is that it moves.
  watch(request) {
    if (!this.stall) {
      request.timeout = 120000;
      return () => {};
    }
    const moving = () => {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => request.abort(), this.stall);
    };
    moving();
    return moving;
  }

  result(answer) {
    return {
      upload_id: this.id, image_id: answer.image_id, width: answer.width, height: answer.height,
      advice: answer.advice ?? [], source: this.source, device: this.device, file_name: this.fileName,
    };
  }
}

// Two triggers close together are merged into the last one, so each carries all that
// this page has sent; Python knows which it has seen.
export class Outbox {
  constructor() { this.sent = []; }

  report(setTriggerValue, results) {
    this.sent = [...this.sent, ...results].slice(-40);
    setTriggerValue("captured", this.sent);
  }
}
