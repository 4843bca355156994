// A screen whose script is fetched when it is first shown: what an agent
// needs on the desk does not wait for the rest.

import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Problem } from "../api";
import { t } from "../lang";
import { Trouble } from "./bits";

/**
 * A component that load gives. The page keeps its place until it is there;
 * what is beside a page has none to keep.
 */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, beside = false): (p: P) => JSX.Element {
  let have: ComponentType<P> | undefined;
  return function Late(p: P): JSX.Element {
    const failed = useSignal(false);
    const came = useSignal(have !== undefined);
    useEffect(() => {
      if (have) return;
      load().then((c) => {
        have = c;
        came.value = true;
      }, () => (failed.value = true));
    }, []);
    const Screen = came.value ? have : undefined;
    if (Screen) return <Screen {...p} />;
    if (beside) return <></>;
    return (
      <main id="main" class="page page-narrow" tabIndex={-1} aria-busy={!failed.value}>
        {failed.value && (
          <>
            <Trouble of={new Problem(0, t().common.notLoaded, t().common.notLoadedHow)} />
            <button type="button" onClick={() => location.reload()}>{t().common.loadAgain}</button>
          </>
        )}
      </main>
    );
  };
}
