// A long list drawn in blocks: only those near the window hold their lines,
// the others keep their place. A call of a whole day stays quick.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** Lines to a block. */
export const blockSize = 25;

/** Height of a line before its block was ever drawn, in pixels. */
const guess = 34;

interface Props<T> {
  items: readonly T[];
  draw(item: T, index: number): JSX.Element;
  /** Items that are drawn wherever they are, such as one to scroll to. */
  wanted(item: T): boolean;
}

export function Blocks<T>({ items, draw, wanted }: Props<T>): JSX.Element {
  const blocks: JSX.Element[] = [];
  for (let from = 0; from < items.length; from += blockSize) {
    blocks.push(<Block key={from} items={items} from={from} draw={draw} wanted={wanted} />);
  }
  return <>{blocks}</>;
}

function Block<T>({ items, from, draw, wanted }: Props<T> & { from: number }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const near = useSignal(from === 0);
  const height = useRef(0);
  useEffect(() => {
    const el = box.current;
    if (!el) return undefined;
    const watch = new IntersectionObserver((seen) => {
      const now = seen.at(-1)?.isIntersecting ?? false;
      if (!now && near.peek()) height.current = el.offsetHeight;
      near.value = now;
    }, { rootMargin: "1200px 0px" });
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  const mine = items.slice(from, from + blockSize);
  if (near.value || mine.some(wanted)) {
    return <div ref={box}>{mine.map((item, i) => draw(item, from + i))}</div>;
  }
  return <div ref={box} style={{ height: `${height.current || mine.length * guess}px` }} />;
}
