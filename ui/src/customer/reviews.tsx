// What waits to be decided about who customers are.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { words } from "../format";
import { Empty, Trouble, When } from "../parts/bits";
import { links } from "../route";
import { many } from "../wire";
import { mayDecide, Reviews } from "./store";
import type { Review } from "./wire";

export function ReviewsScreen(): JSX.Element {
  const store = useMemo(() => new Reviews(), []);
  useEffect(() => void store.start(), [store]);
  const rows = store.rows.value;
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1>To be decided</h1>
      <p class="muted">Nobody is merged and nothing is added on weak evidence. What came is kept here until somebody decides.</p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {store.known.value && rows.length === 0 && <Empty title="Nothing waits"><p><a href={links.customers()}>Look through the customers</a>.</p></Empty>}
      <ul class="reviews">
        {rows.map((r) => (
          <ReviewRow key={r.id} of={r}>
            {mayDecide() && (
              <span class="who-keys">
                <button type="button" class="main" disabled={store.busy.value !== ""} onClick={() => void store.decide(r.id, true)}>
                  {r.kind === "conflict" ? "They are one" : "Add them"}
                </button>
                <button type="button" disabled={store.busy.value !== ""} onClick={() => void store.decide(r.id, false)}>Leave it</button>
              </span>
            )}
          </ReviewRow>
        ))}
      </ul>
    </main>
  );
}

export function ReviewRow({ of, children }: { of: Review; children?: ComponentChildren }): JSX.Element {
  const values = many(of.values);
  return (
    <li class="review">
      <div>
        <p>
          <a href={links.customer(of.customer_id)}>This customer</a>
          {of.kind === "conflict" && of.other_id ? <> and <a href={links.customer(of.other_id)}>this one</a> came with the same {words(of.type)}</> : <> came with more of {words(of.type)} than one person has</>}:{" "}
          <bdi class="num">{values.join(", ")}</bdi>
        </p>
        <p class="muted">{of.why}{of.count > 1 && ` · ${of.count} times`} · <When at={of.at} /></p>
      </div>
      {children}
    </li>
  );
}
