package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/staff"
)

// shopRoutes are the shop for programs, at addresses of its own under /api and at the bare ones, which it
// shares with the store's pages: there a caller gets what it prefers.
func (s *Server) shopRoutes() []Route {
	pages := s.storePages()
	bare := s.shopAPI("")
	for i, r := range bare {
		if page, shared := pages[r.Path]; shared && r.Method == get {
			bare[i] = r.orPage(page)
		}
	}
	return slices.Concat(bare, s.shopAPI(apiPrefix), s.queueAPI(""), s.queueAPI(apiPrefix))
}

// storePages are the pages that stand at a program's address, by the address.
func (s *Server) storePages() map[string]fiber.Handler {
	return map[string]fiber.Handler{
		"/products": s.storeList, "/products/:id": s.storeProduct, "/cart": s.storeCart,
		"/orders": s.storeOrders, "/orders/:id": s.storeOrder, "/returns/:id": s.storeReturn,
	}
}

// shopAPI is the shop for programs, under a prefix.
func (s *Server) shopAPI(under string) []Route {
	return slices.Concat(s.catalogueAPI(under), s.cartAPI(under), s.identityAPI(under), s.orderAPI(under), s.returnsAPI(under), s.templateAPI(under), s.complianceAPI(under), s.pdplAPI(under), s.previewAPI(under))
}

func (s *Server) catalogueAPI(under string) []Route {
	read, away := anyone(), fails{400: {"validation"}, 503: {"unavailable"}}
	missing := fails{400: {"validation"}, 404: {"product_not_found"}, 503: {"unavailable"}}
	refused := fails{401: {"unauthorized"}, 503: {"not_configured", "no_feed", "unavailable"}}
	return []Route{
		s.kept(operation(s, Route{get, under + "/products", read, nil, "Products for sale: words, category, prices, order, page by page"}, 200, away, s.listProducts)),
		s.kept(operation(s, Route{get, under + "/products/:id", read, nil, "One product for sale, with all its media"}, 200, missing, s.oneProduct)),
		s.kept(operation(s, Route{get, under + "/categories", read, nil, "All categories, each with its parent and how many products for sale it holds"}, 200, away, s.listCategories)),
		operation(s, Route{get, under + "/catalog/health", read, nil, "How many rows the catalogue has, when it was last read from the feed, how reading goes"}, 200, away, s.catalogHealth),
		operation(s, Route{post, under + "/catalog/sync", keyed(), nil, "Lets the product feed be read; one reading at a time"}, 202, refused, s.syncCatalog),
	}
}

func (s *Server) cartAPI(under string) []Route {
	own, away := shopper(), fails{503: {"unavailable"}}
	add := fails{
		400: {"validation"}, 404: {"product_not_found"}, 503: {"unavailable"},
		409: {"insufficient_stock", "currency_mismatch", "idempotency_conflict", "line_full", "cart_full"},
	}
	change := fails{400: {"validation"}, 404: {"item_not_found", "product_not_found"}, 409: {"insufficient_stock"}, 503: {"unavailable"}}
	remove := fails{404: {"item_not_found"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{post, under + "/cart", own, nil, "The caller's cart, opened where there is none"}, 201, away, s.openCart),
		operation(s, Route{get, under + "/cart", own, nil, "The caller's cart as it is now; reading opens none"}, 200, away, s.readCart),
		operation(s, Route{post, under + "/cart/items", own, nil, "Puts a product into the caller's cart"}, 201, add, s.addToCart),
		operation(s, Route{fiber.MethodPatch, under + "/cart/items/:itemId", own, nil, "Gives a line of the caller's cart another quantity; 0 takes it out"}, 200, change, s.changeItem),
		operation(s, Route{fiber.MethodDelete, under + "/cart/items/:itemId", own, nil, "Takes a line out of the caller's cart"}, 200, remove, s.removeItem),
		operation(s, Route{get, under + "/cart/estimate-shipping", own, nil, "What sending the caller's cart costs"}, 200, away, s.estimateShipping),
	}
}

func (s *Server) orderAPI(under string) []Route {
	own, look := shopper(), shopper().per(lookups)
	begin := fails{
		400: {"validation"}, 503: {"payments_unavailable", "payments_not_configured", "unavailable"},
		409: {"cart_empty", "cart_changed", "insufficient_stock", "cod_disabled", "nothing_to_pay", "idempotency_conflict", "invalid_state"},
	}
	change := fails{400: {"validation"}, 401: {"unauthorized"}, 403: {"forbidden"}, 404: {"order_not_found"}, 409: {"invalid_state"}, 503: {"unavailable"}}
	read := fails{401: {"unauthorized"}, 403: {"forbidden"}, 404: {"order_not_found"}, 503: {"unavailable"}}
	list := fails{400: {"validation"}, 401: {"unauthorized"}, 403: {"forbidden"}, 503: {"unavailable"}}
	find := fails{400: {"validation"}, 403: {"challenge_required"}, 404: {"not_found"}, 429: {"rate_limited"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{post, under + "/checkout/init", own, nil, "Makes an order of the caller's cart, or brings the one that waits up to date"}, 200, begin, s.initCheckout),
		operation(s, Route{post, under + "/checkout/confirm", own, nil, "Confirms an order that is paid on delivery; for its owner and staff"}, 200, change, s.confirmCheckout),
		operation(s, Route{get, under + "/orders", look, nil, "The newest orders of a phone; for whoever has proved that it is theirs, and staff"}, 200, list, s.listOrders),
		operation(s, Route{post, under + "/orders/lookup", own, nil, "One order by its number and the phone it was ordered with"}, 200, find, s.lookupOrder),
		operation(s, Route{get, under + "/orders/:id", own, nil, "One order, redacted for its owner and whoever looked it up, whole for staff"}, 200, read, s.oneOrder),
		operation(s, Route{post, under + "/orders/:id/cancel", own, nil, "Cancels an order that is not on its way yet; for its owner and staff"}, 200, change, s.cancelOrder),
		operation(s, Route{get, under + "/orders/:id/events", can(staff.Orders, staff.ToRead), nil, "What happened to an order, oldest first"}, 200, fails{404: {"order_not_found"}, 503: {"unavailable"}}, s.orderEvents),
	}
}

// inShop tells whether a route belongs to the shop.
func inShop(r Route) bool {
	path := strings.TrimPrefix(r.Path, apiPrefix)
	return slices.ContainsFunc([]string{
		"/products", "/categories", "/catalog/", "/cart", "/checkout/", "/orders", "/returns", "/session/verify/", "/whatsapp/preview", "/events", "/consents", "/cms/", "/compliance/",
	}, func(room string) bool {
		return strings.HasPrefix(path, room)
	})
}
