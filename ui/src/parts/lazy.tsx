// A screen whose script is fetched when it is first shown: what an agent
// needs on the desk does not wait for the rest.

import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../api";
import { t, whole } from "../lang";
import { Trouble } from "./bits";

/**
 * A component that load gives. The page keeps its place until it is there; a part of a page
 * says so by "part", and what is beside it, with no place to keep, by "beside". */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, as: "page" | "part" | "beside" = "page"): (p: P) => JSX.Element {
  let have: ComponentType<P> | undefined;
  return function Late(p: P): JSX.Element {
    const failed = useSignal(false);
    const came = useSignal(have !== undefined);
    useEffect(() => {
      if (came.peek()) return;
      Promise.all([load(), whole()]).then(([c]) => {
        have = c;
        came.value = true;
      }, () => (failed.value = true));
    }, []);
    const Screen = came.value ? have : undefined;
    if (Screen) return <Screen {...p} />;
    if (as === "beside") return <></>;
    const trouble = failed.value && (
      <>
        <Trouble of={new Problem(0, t().common.notLoaded, t().common.notLoadedHow)} />
        <button type="button" onClick={() => location.reload()}>{t().common.loadAgain}</button>
      </>
    );
    if (as === "part") return <div aria-busy={!failed.value}>{trouble}</div>;
    return <main id="main" class="page page-narrow" tabIndex={-1} aria-busy={!failed.value}>{trouble}</main>;
  };
}
