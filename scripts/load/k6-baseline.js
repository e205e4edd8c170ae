// People who look around, fill a cart, order it and call it off, and WhatsApp meanwhile. Every answer's
// status counts; a threshold that is missed fails the run. Against this machine only, and never for long.
import crypto from "k6/crypto";
import http from "k6/http";
import { check } from "k6";
import { Rate } from "k6/metrics";

const base = (__ENV.API_BASE || __ENV.BASE_URL || "http://localhost:8080").replace(/\/$/, "");
const bounded = (name, most, otherwise) => Math.min(Math.max(parseInt(__ENV[name] || otherwise, 10) || otherwise, 1), most);
if (!/^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(\/|$)/.test(base)) {
  throw new Error(`${base} is not this machine: loads are for this machine only`);
}
const secret = __ENV.WHATSAPP_APP_SECRET || "";
const seconds = bounded("SECONDS", 300, 30);
const refused = new Rate("refused"); // answers that are not what was asked for, of all

export const options = {
  scenarios: {
    shoppers: {
      executor: "shared-iterations", exec: "shopper", vus: bounded("VUS", 50, 10),
      iterations: bounded("ITERATIONS", 5000, 300), maxDuration: `${seconds}s`, gracefulStop: "5s",
    },
    ...(secret ? {
      messages: {
        executor: "constant-arrival-rate", exec: "message", rate: 5, duration: `${Math.min(seconds, 30)}s`,
        preAllocatedVUs: 5, maxVUs: 10, gracefulStop: "5s",
      },
    } : {}),
  },
  thresholds: {
    refused: ["rate<0.01"],
    checks: ["rate>0.99"],
    "http_req_duration{route:products}": ["p(95)<=200"],
    "http_req_duration{route:cart}": ["p(95)<=200"],
    "http_req_duration{route:init}": ["p(95)<=250"],
    "http_req_duration{route:order}": ["p(95)<=200"],
    "http_reqs": ["count>0"],
  },
};

// ask sends a request and counts whether its status is the one it should have.
function ask(route, status, method, path, body, headers) {
  const sent = body === null ? null : JSON.stringify(body);
  const answer = http.request(method, base + path, sent, {
    tags: { route: route, name: route }, timeout: "10s", redirects: 0,
    headers: Object.assign(sent === null ? {} : { "Content-Type": "application/json" }, headers || {}),
  });
  const right = check(answer, { [`${route} answers ${status}`]: (r) => r.status === status });
  refused.add(!right);
  return right ? answer.json() : null;
}

const once = () => `${__VU}-${__ITER}-${Date.now()}-${Math.random().toString(36).slice(2)}`;

// shopper is somebody new: k6 forgets the cookies of the one before.
export function shopper() {
  const list = ask("products", 200, "GET", "/products?page=1&pageSize=20", null);
  const kept = list && list.items.filter((p) => p.stock > 0);
  if (!kept || kept.length === 0) return;
  const product = kept[__ITER % kept.length];
  ask("product", 200, "GET", `/products/${product.id}`, null);
  ask("cart", 201, "POST", "/cart", {});
  if (!ask("cart", 201, "POST", "/cart/items", { productId: product.id, qty: 1 }, { "Idempotency-Key": once() })) return;
  ask("cart", 200, "GET", "/cart", null);
  const placed = ask("init", 200, "POST", "/checkout/init", { method: "cod" }, { "Idempotency-Key": once() });
  if (!placed) return;
  ask("order", 200, "GET", `/orders/${placed.orderId}`, null);
  ask("cancel", 200, "POST", `/orders/${placed.orderId}/cancel`, {});
}

// message is what WhatsApp posts when somebody says hello.
export function message() {
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ changes: [{ field: "messages", value: { messages: [{ from: `1555${String(1000000 + (__VU * 1000) + (__ITER % 1000))}`, id: `wamid.load.${once()}`, timestamp: "1", type: "text", text: { body: "hello" } }] } }] }],
  });
  const answer = http.post(`${base}/webhook/whatsapp`, body, {
    tags: { route: "webhook", name: "webhook" }, timeout: "10s",
    headers: { "Content-Type": "application/json", "X-Hub-Signature-256": `sha256=${crypto.hmac("sha256", secret, body, "hex")}` },
  });
  refused.add(!check(answer, { "webhook answers 200": (r) => r.status === 200 }));
}
