package browser

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
)

// aPage is one page to look at. Its address is its route, where that has no parameters; else it is a link
// of that route on the page named from. With like the link is one of another route, whose ids this one takes;
// with follow it is whatever that selects.
type aPage struct {
	name, route, role  string
	from, like, follow string
	query              string // added to the address
	opens              bool   // an act is opened as a dialog from here and looked at, too

	fill  map[string]string // written into its form, which is sent before the page is looked at
	often int               // how often a program has asked the same before
	away  string            // a service that is down meanwhile
}

// pages are what there is to look at. Those that want a fresh proof stand first, while there is one.
var pages = []aPage{
	{name: "login-enrol", route: "/console/login/enrol", role: "privacy, half way"},
	{name: "login-factor", route: "/console/login/factor", role: "admin, half way"},
	{name: "invitation", route: "/console/invitation/:token", from: "invited"},
	{name: "account", route: "/console/account", role: "admin"},
	{name: "confirm", route: "/console/confirm", role: "admin"},
	{name: "account-details", route: "/console/account/details", role: "admin"},
	{name: "account-password", route: "/console/account/password", role: "admin"},
	{name: "factor-new", route: "/console/account/factors/new", role: "admin"},
	{name: "factor-rename", route: "/console/account/factors/:factor/rename", role: "admin", from: "account"},
	{name: "factor-remove", route: "/console/account/factors/:factor/remove", role: "admin", from: "account"},
	{name: "recovery-codes", route: "/console/account/recovery-codes", role: "admin"},
	{name: "sessions-end", route: "/console/account/sessions/end-others", role: "admin"},
	{name: "account-sessions", route: "/console/account", role: "operator"},
	{name: "session-end", route: "/console/account/sessions/:session/end", role: "operator", from: "account-sessions"},
	{name: "token-new", route: "/console/account/tokens/new", role: "admin"},
	{name: "token-revoke", route: "/console/account/tokens/:token/revoke", role: "admin", from: "account"},
	{name: "people", route: "/console/people", role: "admin", opens: true},
	{name: "people-nobody", route: "/console/people", role: "admin", query: "state=disabled"},
	{name: "people-operators", route: "/console/people", role: "admin", query: "role=operator"},
	{name: "person-invite", route: "/console/people/invite", role: "admin"},
	{name: "person", route: "/console/people/:id", role: "admin", from: "people-operators"},
	{name: "person-edit", route: "/console/people/:id/edit", role: "admin", from: "person"},
	{name: "person-link", route: "/console/people/:id/link", role: "admin", from: "person", like: "/console/people/:id/edit"},
	{name: "person-disable", route: "/console/people/:id/disable", role: "admin", from: "person"},
	{name: "person-enable", route: "/console/people/:id/enable", role: "admin", from: "person", like: "/console/people/:id/edit"},
	{name: "person-reset-factors", route: "/console/people/:id/reset-factors", role: "admin", from: "person", like: "/console/people/:id/edit"},
	{name: "person-end-sessions", route: "/console/people/:id/end-sessions", role: "admin", from: "person"},
	{name: "person-session-end", route: "/console/people/:id/sessions/:session/end", role: "admin", from: "person"},
	{name: "person-token-revoke", route: "/console/people/:id/tokens/:token/revoke", role: "admin", from: "person"},
	{name: "refunds", route: "/console/refunds", role: "finance"},
	{name: "refunds-nothing", route: "/console/refunds", role: "finance", query: "state=expired"},
	{name: "differences", route: "/console/reconciliation", role: "finance", query: "state=open"},
	{name: "differences-nothing", route: "/console/reconciliation", role: "finance", query: "kind=refund_amount&state=gone"},
	{name: "difference", route: "/console/reconciliation/:id", role: "finance", from: "differences"},
	{name: "difference-explain", route: "/console/reconciliation/:id/explain", role: "finance", from: "difference"},
	{name: "differences-explained", route: "/console/reconciliation", role: "finance", query: "state=explained"},
	{name: "difference-explained", route: "/console/reconciliation/:id", role: "finance", from: "differences-explained"},
	{name: "difference-reopen", route: "/console/reconciliation/:id/reopen", role: "finance", from: "difference-explained"},
	{name: "compare-now", route: "/console/reconciliation/compare", role: "finance"},
	{name: "comparison", route: "/console/reconciliation/runs/:id", role: "finance", from: "differences"},
	{name: "refund", route: "/console/refunds/:id", role: "finance", from: "refunds"},
	{name: "refund-new", route: "/console/refunds/new", role: "finance", from: "desk order delivered", follow: "#main a[href^='/console/refunds/new']"},
	{name: "refund-approve", route: "/console/refunds/:id/approve", role: "finance", from: "refunds", like: "/console/refunds/:id"},
	{name: "refund-reject", route: "/console/refunds/:id/reject", role: "finance", from: "refunds", like: "/console/refunds/:id"},
	{name: "refund-give", route: "/console/refunds/:id/give", role: "finance", from: "refunds", like: "/console/refunds/:id"},
	{name: "refund-retry", route: "/console/refunds/:id/retry", role: "finance", from: "refunds", like: "/console/refunds/:id"},
	{name: "refund-cancel", route: "/console/refunds/:id/cancel", role: "finance", from: "refunds", like: "/console/refunds/:id"},

	{name: "home", route: "/"},
	{name: "privacy", route: "/privacy"},
	{name: "shop", route: "/products"},
	{name: "shop-nothing", route: "/products", query: "q=nothing-is-called-so&from=10&by=price"},
	{name: "shop-product", route: "/products/:id", from: "shop"},
	{name: "cart-empty", route: "/cart"},
	{name: "cart", route: "/cart", role: "full cart"},
	{name: "checkout", route: "/checkout", role: "full cart"},
	{name: "checkout-refused", route: "/checkout", role: "full cart", fill: map[string]string{"method": "cod", "phone": "600"}},
	{name: "checkout-again", route: "/checkout", role: "waiting"},
	{name: "orders-none", route: "/orders"},
	{name: "orders", route: "/orders", role: "buyer"},
	{name: "order-asked", route: "/orders/:id", role: "asked", from: "order asked"},
	{name: "order-waiting", route: "/orders/:id", role: "waiting", from: "order waiting"},
	{name: "order-paying", route: "/orders/:id", role: "waiting", from: "order waiting", query: "paid=yes"},
	{name: "order-confirmed", route: "/orders/:id", role: "buyer", from: "order confirmed"},
	{name: "order-thanks", route: "/orders/:id", role: "buyer", from: "order paid", query: "thanks=yes"},
	{name: "order-withdraw", route: "/orders/:id/withdraw", role: "buyer", from: "order paid"},
	{name: "order-shipped", route: "/orders/:id", role: "buyer", from: "order shipped"},
	{name: "order-delivered", route: "/orders/:id", role: "buyer", from: "order delivered"},
	{name: "order-canceled", route: "/orders/:id", role: "buyer", from: "order canceled"},
	{name: "order-refunded", route: "/orders/:id", role: "buyer", from: "order with a return refunded"},
	{name: "order-lookup", route: "/support/order-lookup"},
	{name: "order-lookup-refused", route: "/support/order-lookup", fill: map[string]string{"phone": "abc"}},
	{name: "order-lookup-found", route: "/support/order-lookup", fill: map[string]string{"phone": "+34600000202", "orderId": "order asked"}},
	{name: "order-found", route: "/orders/:id", from: "order asked"},
	{name: "order-lookup-missed", route: "/support/order-lookup", fill: map[string]string{"phone": "+346000003%02d", "orderId": "LU-2222-22%02d"}},
	{name: "order-lookup-sum", route: "/support/order-lookup", fill: map[string]string{"phone": "+3460000040LANG", "orderId": "LU-2222-23%02d"}, often: 3},
	{name: "order-lookup-often", route: "/support/order-lookup", fill: map[string]string{"phone": "+3460000041LANG", "orderId": "LU-2222-24%02d"}, often: 10},
	{name: "order-lookup-away", route: "/support/order-lookup", fill: map[string]string{"phone": "+34600000202", "orderId": "order asked"}, away: "postgres"},
	{name: "handoff", route: "/handoff/whatsapp"},
	{name: "handoff-order", route: "/handoff/whatsapp", query: "order=LU-2222-2222"},
	{name: "verify", route: "/verify"},
	{name: "verify-refused", route: "/verify", fill: map[string]string{"phone": "600"}},
	{name: "verify-half-way", route: "/verify", fill: map[string]string{"phone": "+346000005%02d"}},
	{name: "verified", route: "/verify", role: "buyer"},
	{name: "return-start", route: "/returns/start"},
	{name: "return-which", route: "/returns/start", role: "buyer"},
	{name: "return-form", route: "/returns/start", role: "buyer", from: "order-delivered", follow: "a[href^='/returns/start']"},
	{name: "return-form-refused", route: "/returns/start", role: "buyer", from: "order-delivered", follow: "a[href^='/returns/start']", fill: map[string]string{}},
	{name: "returns-none", route: "/returns/list"},
	{name: "returns-list", route: "/returns/list", role: "buyer"},
	{name: "return-requested", route: "/returns/:id", role: "buyer", from: "return requested"},
	{name: "return-approved", route: "/returns/:id", role: "buyer", from: "return approved"},
	{name: "return-rejected", route: "/returns/:id", role: "buyer", from: "return rejected"},
	{name: "return-in-transit", route: "/returns/:id", role: "buyer", from: "return in transit"},
	{name: "return-received", route: "/returns/:id", role: "buyer", from: "return received"},
	{name: "return-refunded", route: "/returns/:id", role: "buyer", from: "return refunded"},
	{name: "return-unknown", route: "/returns/none"},
	{name: "order-unknown", route: "/orders/LU-2222-2222"},
	{name: "order-unknown-withdraw", route: "/orders/LU-2222-2222/withdraw"},
	{name: "thanks", route: "/payments/thanks"},
	{name: "cancelled", route: "/payments/cancelled"},
	{name: "docs", route: "/docs"},
	{name: "missing", route: "/no-such-page"},
	{name: "login", route: "/console/login"},

	{name: "today", route: "/console", role: "operator"},
	{name: "today-admin", route: "/console", role: "admin"},
	{name: "today-stylist", route: "/console", role: "stylist"},
	{name: "today-stakeholder", route: "/console", role: "stakeholder"},
	{name: "forbidden", route: "/console/conversations", role: "stakeholder"},
	{name: "missing-inside", route: "/console/people/nobody", role: "admin"},
	{name: "find", route: "/console/find", role: "operator"},
	{name: "keys", route: "/console/keys", role: "operator"},

	{name: "diary-day", route: "/console/diary", role: "operator", query: "day=" + friday, opens: true},
	{name: "diary-week", route: "/console/diary", role: "operator", query: "day=" + friday + "&view=week"},
	{name: "diary-empty", route: "/console/diary", role: "pm", query: "day=2027-03-07"},
	{name: "diary-stylist", route: "/console/diary", role: "stylist", query: "day=" + friday},
	{name: "visit", route: "/console/diary", role: "operator", from: "diary-day", follow: "a.visit"},
	{name: "visit-stylist", route: "/console/diary", role: "stylist", from: "diary-stylist", follow: "a.visit"},
	{name: "visit-new", route: "/console/diary/new", role: "operator"},
	{name: "visit-move", route: "/console/diary/visits/:id/move", role: "operator", from: "visit"},
	{name: "visit-confirm", route: "/console/diary/visits/:id/confirm", role: "operator", from: "visit", like: moving},
	{name: "visit-release", route: "/console/diary/visits/:id/release", role: "operator", from: "visit", like: moving},
	{name: "visit-hold-again", route: "/console/diary/visits/:id/hold-again", role: "operator", from: "visit", like: moving},
	{name: "visit-complete", route: "/console/diary/visits/:id/complete", role: "operator", from: "visit", like: moving},
	{name: "visit-no-show", route: "/console/diary/visits/:id/no-show", role: "operator", from: "visit", like: moving},
	{name: "visit-cancel", route: "/console/diary/visits/:id/cancel", role: "operator", from: "visit", like: moving},
	{name: "visit-reopen", route: "/console/diary/visits/:id/reopen", role: "operator", from: "visit", like: moving},
	{name: "block", route: "/console/diary/block", role: "operator"},
	{name: "block-open", route: "/console/diary/blocks/:id/open", role: "operator", from: "diary-day"},

	{name: "conversations", route: "/console/conversations", role: "operator"},
	{name: "conversation", route: "/console/conversations/:id", role: "operator", from: "conversations", opens: true},
	{name: "turns", route: "/console/conversations/:id/turns", role: "operator", from: "conversation"},
	{name: "take-over", route: "/console/conversations/:id/take-over", role: "operator", from: "conversations", like: talking},
	{name: "hand-back", route: "/console/conversations/:id/hand-back", role: "operator", from: "conversations", like: talking},
	{name: "template", route: "/console/conversations/:id/template", role: "operator", from: "conversations", like: talking},
	{name: "note", route: "/console/conversations/:id/note", role: "operator", from: "conversations", like: talking},
	{name: "cases", route: "/console/cases", role: "operator"},
	{name: "cases-resolved", route: "/console/cases/resolved", role: "operator"},
	{name: "case-resolve", route: "/console/cases/:id/resolve", role: "operator", from: "case taken"},
	{name: "case-resolved", route: talking, role: "operator", from: "cases-resolved"},
	{name: "case-reopen", route: "/console/cases/:id/reopen", role: "operator", from: "case-resolved"},

	{name: "services", route: "/console/services", role: "pm", opens: true},
	{name: "services-operator", route: "/console/services", role: "operator"},
	{name: "service", route: "/console/services/:id", role: "pm", from: "services"},
	{name: "service-new", route: "/console/services/new", role: "pm"},
	{name: "service-edit", route: "/console/services/:id/edit", role: "pm", from: "services"},
	{name: "packs", route: "/console/services/packs", role: "pm"},
	{name: "pack", route: "/console/services/packs/:id", role: "pm", from: "packs"},
	{name: "pack-new", route: "/console/services/packs/new", role: "pm"},
	{name: "pack-edit", route: "/console/services/packs/:id/edit", role: "pm", from: "packs"},
	{name: "stylists", route: "/console/services/stylists", role: "pm"},
	{name: "stylist", route: "/console/services/stylists/:id", role: "pm", from: "stylists"},
	{name: "stylist-new", route: "/console/services/stylists/new", role: "pm"},
	{name: "stylist-edit", route: "/console/services/stylists/:id/edit", role: "pm", from: "stylists"},
	{name: "stylist-breaks", route: "/console/services/stylists/:id/breaks", role: "pm", from: "stylist"},
	{name: "stylist-feed", route: "/console/services/stylists/:id/feed", role: "pm", from: "stylist"},
	{name: "stylist-feed-close", route: "/console/services/stylists/:id/feed/close", role: "pm", from: "stylist"},
	{name: "stylist-retire", route: "/console/services/stylists/:id/retire", role: "pm", from: "stylist"},
	{name: "hours", route: "/console/services/hours", role: "pm"},
	{name: "hours-edit", route: "/console/services/hours/edit", role: "pm"},
	{name: "hours-set-new", route: "/console/services/hours/sets/new", role: "pm"},
	{name: "hours-set-edit", route: "/console/services/hours/sets/:id/edit", role: "pm", from: "hours"},
	{name: "hours-set-retire", route: "/console/services/hours/sets/:id/retire", role: "pm", from: "hours"},
	{name: "hours-set-restore", route: "/console/services/hours/sets/:id/restore", role: "pm", from: "hours", like: "/console/services/hours/sets/:id/edit"},
	{name: "closures", route: "/console/services/closures", role: "pm"},
	{name: "closure-new", route: "/console/services/closures/new", role: "pm"},
	{name: "closure-open", route: "/console/services/closures/:id/open", role: "pm", from: "closures"},

	{name: "catalogue", route: "/console/catalogue", role: "pm"},
	{name: "catalogue-gaps", route: "/console/catalogue", role: "stylist", query: "gap=texts"},
	{name: "catalogue-product", route: "/console/catalogue/:id", role: "pm", from: "catalogue", opens: true},
	{name: "catalogue-edit", route: "/console/catalogue/:id/edit", role: "pm", from: "catalogue-product"},
	{name: "catalogue-syncs", route: "/console/catalogue/syncs", role: "pm"},

	{name: "desk-orders", route: "/console/orders", role: "operator"},
	{name: "desk-orders-nothing", route: "/console/orders", role: "operator", query: "status=failed"},
	{name: "desk-order-asked", route: "/console/orders/:id", role: "operator", from: "desk order asked", opens: true},
	{name: "desk-order-confirm", route: "/console/orders/:id/confirm", role: "operator", from: "desk-order-asked"},
	{name: "desk-order-cancel", route: "/console/orders/:id/cancel", role: "operator", from: "desk-order-asked"},
	{name: "desk-order-note", route: "/console/orders/:id/note", role: "operator", from: "desk-order-asked"},
	{name: "desk-order-paid", route: "/console/orders/:id", role: "operator", from: "desk order paid"},
	{name: "desk-order-ship", route: "/console/orders/:id/ship", role: "operator", from: "desk-order-paid"},
	{name: "desk-order-shipped", route: "/console/orders/:id", role: "operator", from: "desk order shipped"},
	{name: "desk-order-deliver", route: "/console/orders/:id/deliver", role: "operator", from: "desk-order-shipped"},
	{name: "desk-order-delivered", route: "/console/orders/:id", role: "operator", from: "desk order delivered"},
	{name: "desk-order-return", route: "/console/orders/:id/return", role: "operator", from: "desk-order-delivered"},
	{name: "desk-order-blocked", route: "/console/orders/:id/ship", role: "operator", from: "desk-order-delivered", like: "/console/orders/:id/note"},
	{name: "desk-order-refunded", route: "/console/orders/:id", role: "finance", from: "desk order with a return refunded"},
	{name: "desk-returns", route: "/console/returns", role: "operator"},
	{name: "desk-returns-nothing", route: "/console/returns", role: "operator", query: "q=RMA-2222-2222"},
	{name: "desk-return", route: "/console/returns/:id", role: "operator", from: "desk return requested", opens: true},
	{name: "desk-return-approve", route: "/console/returns/:id/approve", role: "operator", from: "desk-return"},
	{name: "desk-return-reject", route: "/console/returns/:id/reject", role: "operator", from: "desk-return"},
	{name: "desk-return-approved", route: "/console/returns/:id", role: "operator", from: "desk return approved"},
	{name: "desk-return-in-transit", route: "/console/returns/:id/in-transit", role: "operator", from: "desk-return-approved"},
	{name: "desk-return-come-back", route: "/console/returns/:id/received", role: "operator", from: "desk-return-approved"},
	{name: "desk-return-received", route: "/console/returns/:id", role: "operator", from: "desk return received"},
	{name: "desk-return-to-refund", route: "/console/returns/:id", role: "finance", from: "desk return received"},
	{name: "desk-return-refund", route: "/console/returns/:id/refund", role: "finance", from: "desk-return-to-refund"},
	{name: "desk-return-refunded", route: "/console/returns/:id", role: "finance", from: "desk return refunded"},
	{name: "consents", route: "/console/privacy/consents", role: "privacy"},
	{name: "consents-agreed", route: "/console/privacy/consents", role: "privacy", query: "standing=agreed"},

	{name: "policies", route: "/console/policies", role: "pm"},
	{name: "policies-group", route: "/console/policies/groups/:group/change", role: "pm", from: "policies"},
	{name: "policy", route: "/console/policies/slots.offer", role: "pm", opens: true},
	{name: "policy-change", route: "/console/policies/:key/change", role: "pm", from: "policy"},
	{name: "policy-default", route: "/console/policies/:key/default", role: "pm", from: "policy"},
	{name: "policy-restore", route: "/console/policies/:key/restore/:change", role: "pm", from: "policy"},

	{name: "content", route: "/console/content", role: "pm", opens: true},
	{name: "text", route: "/console/content/texts/chat.anything", role: "pm"},
	{name: "text-edit", route: "/console/content/texts/:key/edit", role: "pm", from: "text"},
	{name: "text-restore", route: "/console/content/texts/:key/:lang/restore/:version", role: "pm", from: "text"},
	{name: "templates", route: "/console/content/templates", role: "pm"},
	{name: "template-words", route: "/console/content/templates/:name", role: "pm", from: "templates"},
	{name: "template-edit", route: "/console/content/templates/:name/:lang/edit", role: "pm", from: "template-words"},
	{name: "template-take-out", route: "/console/content/templates/:name/:lang/take-out", role: "pm", from: "template-words"},
	{name: "template-put-back", route: "/console/content/templates/:name/:lang/put-back", role: "pm", from: "template-words", like: "/console/content/templates/:name/:lang/edit"},
	{name: "template-answer", route: "/console/content/templates/:name/:lang/answer", role: "pm", from: "template-words", like: "/console/content/templates/:name/:lang/edit"},
	{name: "template-approval", route: "/console/content/templates/:name/:lang/approval", role: "pm", from: "template-words"},
	{name: "template-redrafted", route: "/console/content/templates/" + restored, role: "pm"},
	{name: "template-restore", route: "/console/content/templates/:name/:lang/restore/:version", role: "pm", from: "template-redrafted"},
	{name: "template-try", route: "/console/content/templates/:name/:lang/try", role: "pm", from: "template-redrafted"},
	{name: "template-add", route: "/console/content/add-template", role: "pm"},
	{name: "web-templates", route: "/console/content/web", role: "pm"},
	{name: "web-template", route: "/console/content/web/:name", role: "pm", from: "web-templates"},
	{name: "web-template-reworded", route: "/console/content/web/rma_instructions", role: "pm"},
	{name: "web-template-restore", route: "/console/content/web/:name/:lang/restore/:version", role: "pm", from: "web-template-reworded"},
	{name: "web-template-edit", route: "/console/content/web/:name/:lang/edit", role: "pm", from: "web-template"},
	{name: "web-template-take-out", route: "/console/content/web/:name/:lang/take-out", role: "pm", from: "web-template"},
	{name: "web-template-put-back", route: "/console/content/web/:name/:lang/put-back", role: "pm", from: "web-template", like: "/console/content/web/:name/:lang/edit"},
	{name: "faqs", route: "/console/content/faqs", role: "pm"},
	{name: "faq-new", route: "/console/content/faqs/new", role: "pm"},
	{name: "faq", route: "/console/content/faqs/parking", role: "pm"},
	{name: "faq-edit", route: "/console/content/faqs/:key/edit", role: "pm", from: "faq"},
	{name: "faq-retire", route: "/console/content/faqs/:key/retire", role: "pm", from: "faq"},
	{name: "faq-reopen", route: "/console/content/faqs/:key/reopen", role: "pm", from: "faq", like: "/console/content/faqs/:key/edit"},
	{name: "faq-restore", route: "/console/content/faqs/:key/restore/:version", role: "pm", from: "faq"},
	{name: "content-changes", route: "/console/content/changes", role: "pm"},
	{name: "try", route: "/console/content/try", role: "pm"},

	{name: "letters", route: "/console/dead-letters", role: "operator"},
	{name: "letters-counts", route: "/console/dead-letters", role: "pm"},
	{name: "letters-nothing", route: "/console/dead-letters", role: "operator", query: "q=nothing-is-called-so"},
	{name: "letter-jobs", route: "/console/dead-letters/jobs", role: "operator"},
	{name: "letters-requeue", route: "/console/dead-letters/requeue", role: "operator", from: "letter-jobs", follow: "#main a[href*='/requeue']"},
	{name: "letters-discard", route: "/console/dead-letters/discard", role: "operator", from: "letter-jobs", follow: "#main a[href*='/discard']"},
	{name: "letter", route: "/console/dead-letters/jobs/:id", role: "operator", from: "letter-jobs"},
	{name: "letter-requeue", route: "/console/dead-letters/jobs/:id/requeue", role: "operator", from: "letter"},
	{name: "letter-edit", route: "/console/dead-letters/jobs/:id/edit", role: "operator", from: "letter"},
	{name: "letter-reveal", route: "/console/dead-letters/jobs/:id/reveal", role: "operator", from: "letter"},
	{name: "letters-run", route: "/console/dead-letters/runs/:id", role: "operator", from: "letters"},
	{name: "letters-run-cancel", route: "/console/dead-letters/runs/:id/cancel", role: "operator", from: "letters", like: "/console/dead-letters/runs/:id"},
	{name: "letters-runs", route: "/console/dead-letters/runs", role: "operator"},
	{name: "letters-drops", route: "/console/dead-letters/discards", role: "operator"},
	{name: "letters-drop", route: "/console/dead-letters/discards/:id", role: "operator", from: "letters-drops"},
	{name: "letters-undo", route: "/console/dead-letters/discards/:id/undo", role: "operator", from: "letters"},

	{name: "figures", route: "/console/dashboards", role: "stakeholder"},
	{name: "figures-support", route: "/console/dashboards/support", role: "finance", like: "/console/dashboards"},
	{name: "figures-sales", route: "/console/dashboards/sales", role: "finance", like: "/console/dashboards"},
	{name: "figures-left", route: "/console/dashboards/left", role: "finance", like: "/console/dashboards"},
	{name: "figures-replies", route: "/console/dashboards/replies", role: "finance", like: "/console/dashboards"},

	{name: "simulator", route: "/console/simulator", role: "stylist"},
	{name: "simulator-given", route: "/console/simulator/given", role: "stylist"},
	{name: "simulator-phone", route: "/console/simulator/phone", role: "stylist"},
	{name: "simulator-clock", route: "/console/simulator/clock", role: "stylist"},
	{name: "simulator-fault", route: "/console/simulator/fault", role: "stylist", query: "service=postgres"},
	{name: "simulator-theatre", route: "/console/simulator/theatre", role: "operator"},
	{name: "simulator-theatre-break", route: "/console/simulator/theatre/break", role: "operator"},
	{name: "simulator-races", route: "/console/simulator/races", role: "operator"},
	{name: "simulator-races-run", route: "/console/simulator/races/run", role: "operator"},

	{name: "alerts", route: "/console/alerts", role: "operator", opens: true},
	{name: "provider-trip", route: "/console/alerts/:provider/trip", role: "operator", from: "alerts"},
	{name: "provider-release", route: "/console/alerts/:provider/release", role: "operator", from: "alerts", like: "/console/alerts/:provider/trip"},
	{name: "audit", route: "/console/audit", role: "admin"},
	{name: "audit-entry", route: "/console/audit/:id", role: "admin", from: "audit"},
}

const (
	moving  = "/console/diary/visits/:id/move"
	talking = "/console/conversations/:id"

	restored = "order_status" // a template that has been worded anew
)

// noPages are the GET routes that answer no page of their own.
var noPages = []string{
	"/docs/openapi.json", "/static/*", "/console/live", "/console/simulator/pulse", "/console/simulator/theatre/pulse", "/console/simulator/races/pulse", "/console/simulator/races/:run/timings.csv", "/console/simulator/races/:run/timings.json", "/console/conversations/search", "/console/conversations/:id/reply", "/console/cases/:id",
	"/healthz", "/readyz", "/health", "/db/health", "/queue/health", "/health/metrics", "/metrics", "/webhook/whatsapp",
	"/salon/services", "/salon/availability", "/salon/appointments/:id", "/calendar/:feed",
	"/categories", "/catalog/health", "/cart/estimate-shipping", "/api/products", "/api/products/:id", "/api/categories", "/api/catalog/health", "/api/cart", "/api/cart/estimate-shipping",
	"/returns", "/consents/:phone", "/cms/templates", "/compliance/consents", "/api/consents/:phone", "/api/returns", "/api/returns/:id", "/api/cms/templates", "/api/compliance/consents",
	"/compliance/pdpl/status", "/compliance/pdpl/export/:ticket", "/compliance/pdpl/export/:ticket/photos/:photo", "/api/compliance/pdpl/export/:ticket/photos/:photo", "/compliance/audit", "/api/compliance/pdpl/status", "/api/compliance/pdpl/export/:ticket", "/api/compliance/audit",
	"/console/returns/:id/photos/:photo", "/orders/:id/events", "/api/orders", "/api/orders/:id", "/api/orders/:id/events", "/queue/dlq/stats", "/api/queue/dlq/stats",
}

// TestEveryPageIsListed: a new page cannot be forgotten. What there is, the table of who may call what says.
func TestEveryPageIsListed(t *testing.T) {
	table, err := os.Open(filepath.Join(harness.Root(), "handlers", "testdata", "routes.golden"))
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close() //nolint:errcheck // only read
	var routes []string
	for lines := bufio.NewScanner(table); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 1 && fields[0] == "GET" {
			routes = append(routes, fields[1])
		}
	}
	if len(routes) < 100 {
		t.Fatalf("%d GET routes in the table of routes", len(routes))
	}
	for _, route := range routes {
		listed := slices.ContainsFunc(pages, func(p aPage) bool {
			return p.route == route || !slices.Contains(routes, p.route) && pattern(route).MatchString(p.route)
		})
		if listed == slices.Contains(noPages, route) {
			t.Errorf("GET %s is to stand either in pages or in noPages", route)
		}
	}
	for _, route := range noPages {
		if !slices.Contains(routes, route) {
			t.Errorf("noPages names %s, which is no route", route)
		}
	}
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// pattern matches the addresses of a route; its groups are the parameters.
func pattern(route string) *regexp.Regexp {
	return regexp.MustCompile("^" + parameter.ReplaceAllString(regexp.QuoteMeta(route), `([^/]+)`) + "$")
}
