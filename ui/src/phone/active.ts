// The bar of a call by the own microphone, which stays while other screens
// are shown. It is in here once a call has begun: nobody else loads it.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

export const bar = signal<{ Bar: ComponentType } | undefined>(undefined);
