// The platforms that calls come from, and a test call that is followed while
// it is played.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, type Api, type Problem } from "../api";
import type { Platform, TestCall } from "./wire";
import { many } from "../wire";

type Needs = Pick<Api, "platforms" | "platformGuide" | "makeTestCall" | "testCall" | "stopTestCall">;

/** How often a test call is looked at, in milliseconds. */
const every = 500;

export class PlatformStore {
  readonly platforms = signal<readonly Platform[] | undefined>(undefined);
  readonly test = signal<TestCall | undefined>(undefined);
  readonly guides = signal<ReadonlyMap<string, string>>(new Map());
  readonly problem = signal<Problem | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly api: Needs = realApi, private readonly title = "") {}

  async start(): Promise<void> {
    await this.doing(async () => {
      this.platforms.value = many((await this.api.platforms()).platforms);
    });
    await this.look();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  make(platform: string): Promise<void> {
    return this.doing(async () => {
      this.test.value = (await this.api.makeTestCall(platform)).test;
      this.again();
    });
  }

  stop(): Promise<void> {
    return this.doing(async () => {
      await this.api.stopTestCall();
    });
  }

  async guide(platform: string): Promise<void> {
    if (this.guides.peek().has(platform)) return;
    await this.doing(async () => {
      const { markdown } = await this.api.platformGuide(platform);
      this.guides.value = new Map(this.guides.peek()).set(platform, markdown);
    });
  }

  /** Looks at the test call, and goes on while it is played. */
  private async look(): Promise<void> {
    await this.doing(async () => {
      const was = this.test.peek()?.state;
      this.test.value = (await this.api.testCall()).test;
      if (was === "playing" && this.test.value?.state !== "playing") this.platforms.value = many((await this.api.platforms()).platforms);
    });
    if (this.test.peek()?.state === "playing") this.again();
  }

  private again(): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void this.look(), every);
  }

  private async doing(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, this.title);
    }
  }
}

/** A piece of a page in Markdown: what is pasted, and what is read. */
export interface Piece {
  kind: "heading" | "code" | "item" | "text";
  text: string;
}

/** The pieces of a page. Its words stay text: nothing in it is taken for HTML. */
export function pieces(markdown: string): readonly Piece[] {
  const out: Piece[] = [];
  let code: string[] | undefined;
  let open: Piece | undefined;
  for (const line of markdown.split("\n")) {
    if (line.trimStart().startsWith("```")) {
      if (code) out.push({ kind: "code", text: code.join("\n") });
      code = code ? undefined : [];
      open = undefined;
    } else if (code) {
      code.push(line);
    } else if (line.trim() === "" || /^\|[ :|-]+\|$/.test(line.trim())) {
      open = undefined;
    } else {
      const { starts, ...piece } = pieceOf(line);
      if (open && !starts) open.text += ` ${piece.text}`;
      else out.push((open = piece));
      if (piece.kind === "heading") open = undefined;
    }
  }
  return out;
}

function pieceOf(line: string): Piece & { starts: boolean } {
  const text = plainText(line.trim());
  if (/^#+ /.test(line)) return { kind: "heading", text: text.replace(/^#+ /, ""), starts: true };
  if (line.trim().startsWith("|")) return { kind: "item", text: text.replace(/^\||\|$/g, "").split("|").map((c) => c.trim()).join(": "), starts: true };
  const item = /^(?:\d+\.|[-*]) /.exec(line.trim());
  return item ? { kind: "item", text: text.replace(/^(?:\d+\.|[-*]) /, ""), starts: true } : { kind: "text", text, starts: false };
}

/** Links by their words, and without the marks of emphasis and code. */
function plainText(line: string): string {
  return line.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1").replaceAll("`", "").replaceAll(/(^|\W)\*([^*]+)\*/g, "$1$2");
}
