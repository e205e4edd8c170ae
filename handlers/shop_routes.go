package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
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
	return slices.Concat(bare, s.shopAPI(apiPrefix))
}

// storePages are the pages that stand at a program's address, by the address.
func (s *Server) storePages() map[string]fiber.Handler {
	return map[string]fiber.Handler{}
}

func (s *Server) shopAPI(under string) []Route {
	return nil
}

// inShop tells whether a route belongs to the shop.
func inShop(r Route) bool {
	path := strings.TrimPrefix(r.Path, apiPrefix)
	return slices.ContainsFunc([]string{"/products", "/categories", "/catalog/", "/cart", "/session/verify/"}, func(room string) bool {
		return strings.HasPrefix(path, room)
	})
}
