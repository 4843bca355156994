// Sends one of each call through the published library, as a shop's server would.
// usage: node drive.mjs URL KEY
import { Analytics } from "@segment/analytics-node";

const [host, writeKey] = process.argv.slice(2);
const shop = new Analytics({ host, writeKey, flushAt: 4, flushInterval: 50, maxRetries: 6 });

const failed = [];
shop.on("error", (e) => failed.push(e.code ?? String(e)));
const answers = [];
shop.on("http_response", (r) => answers.push(r.status));

const userId = "sdk-user-1";
const context = { page: { path: "/shop", title: "Shop" }, consent: { categoryPreferences: { Advertising: true, Analytics: false } } };
shop.identify({ userId, anonymousId: "sdk-anon-1", traits: { email: "Sdk.User@Example.com", firstName: "Sonja", lastName: "Kovalevskaja", plan: "gold" }, context });
shop.track({ userId, event: "Product Added", properties: { product_id: "fibre", category: "Internet", price: 30 }, messageId: "sdk-fixed-1" });
shop.track({ userId, event: "Lamp Rubbed", properties: { wishes: 3 } });
shop.page({ userId, name: "Cancel", properties: { path: "/account/cancel" } });
shop.screen({ anonymousId: "sdk-anon-1", name: "Start" });
shop.group({ userId, groupId: "household-7", traits: { name: "The Kovalevskajas" } });
shop.alias({ userId, previousId: "sdk-anon-0" });
await shop.flush({ timeout: 30_000 });
// The same message again, as after an answer that was lost.
shop.track({ userId, event: "Product Added", properties: { product_id: "fibre", category: "Internet", price: 30 }, messageId: "sdk-fixed-1" });
shop.track({ userId, event: "Order Completed", properties: { order_id: "o1", total: 30, products: [{ product_id: "fibre" }] } });
await shop.closeAndFlush({ timeout: 30_000 });
console.log(JSON.stringify({ failed, answers }));
