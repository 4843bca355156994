// What waits to be decided about who customers are.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure } from "../format";
import { locale, t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { links } from "../route";
import { many } from "../wire";
import { mayDecide, Reviews, typeName } from "./store";
import type { Review } from "./wire";

export function ReviewsScreen(): JSX.Element {
  const store = useMemo(() => new Reviews(), []);
  useEffect(() => void store.start(), [store]);
  const { customers } = t();
  const rows = store.rows.value;
  return (
    <main id="main" class="page page-search" tabIndex={-1}>
      <h1>{customers.toDecide}</h1>
      <p class="muted">{customers.reviewsHow}</p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {store.known.value && rows.length === 0 && <Empty title={customers.nothingWaits}><p><a href={links.customers()}>{customers.lookThrough}</a></p></Empty>}
      <ul class="reviews">
        {rows.map((r) => (
          <ReviewRow key={r.id} of={r}>
            {mayDecide() && (
              <span class="who-keys">
                <button type="button" class="main" disabled={store.busy.value !== ""} onClick={() => void store.decide(r.id, true)}>
                  {r.kind === "conflict" ? customers.areOne : customers.addThem}
                </button>
                <button type="button" disabled={store.busy.value !== ""} onClick={() => void store.decide(r.id, false)}>{customers.leaveIt}</button>
              </span>
            )}
          </ReviewRow>
        ))}
      </ul>
    </main>
  );
}

export function ReviewRow({ of, children }: { of: Review; children?: ComponentChildren }): JSX.Element {
  const { customers } = t();
  const type = typeName(of.type).toLocaleLowerCase(locale());
  const values = many(of.values);
  return (
    <li class="review">
      <div>
        <p>
          {of.kind === "conflict" && of.other_id ? customers.sameOf(type) : customers.moreOf(type)}{" "}
          <bdi class="num" dir="ltr">{values.join(", ")}</bdi>{" "}
          <a href={links.customer(of.customer_id)}>{customers.firstOne}</a>
          {of.other_id && <> · <a href={links.customer(of.other_id)}>{customers.otherOne}</a></>}
        </p>
        <p class="muted"><span dir="auto">{of.why}</span>{of.count > 1 && ` · ${customers.times(of.count, figure(of.count))}`} · <When at={of.at} /></p>
      </div>
      {children}
    </li>
  );
}
