package handlers

import (
	"fmt"
	"maps"
	"testing"
)

// What the acceptance scripts of the earlier shop ask of these routes, in their order and with one client
// that keeps its cookies, at the bare addresses and under /api (R-1613).

func TestSprint2Smoke(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for _, under := range []string{"", apiPrefix} {
		b := s.client()
		b.under = under
		health := b.does(200, "GET", "/catalog/health", "")
		counts := health["counts"].(map[string]any)
		if health["ok"] != true || counts["products"].(float64) <= 0 || counts["categories"].(float64) <= 0 || counts["media"].(float64) <= 0 {
			t.Errorf("health: %v", health)
		}
		list := b.does(200, "GET", "/products", "")
		items, isList := list["items"].([]any)
		if _, counted := list["total"].(float64); !isList || !counted || len(items) == 0 {
			t.Fatalf("products: %v", list)
		}
		b.does(200, "GET", "/products?q=test&sort=name&order=asc&page=1&pageSize=5", "")
		one := b.does(200, "GET", "/products/"+items[0].(map[string]any)["id"].(string), "")
		if one["ok"] != true {
			t.Errorf("product: %v", one)
		}
		categories := b.does(200, "GET", "/categories", "")
		if _, isList := categories["categories"].([]any); !isList || categories["ok"] != true {
			t.Errorf("categories: %v", categories)
		}
		if sync := b.does(202, "POST", "/catalog/sync", "", "X-Catalog-Sync-Key: "+testSyncKey); sync["ok"] != true {
			t.Errorf("sync: %v", sync)
		}
	}
}

func TestSprint3Smoke(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for _, under := range []string{"", apiPrefix} {
		b := s.client()
		b.under = under
		cart := b.does(201, "POST", "/cart", "")
		if cart["ok"] != true || cart["cart"].(map[string]any)["id"] == "" {
			t.Errorf("cart: %v", cart)
		}
		product := b.does(200, "GET", "/products?q=serum&pageSize=1", "")["items"].([]any)[0].(map[string]any)
		added := b.does(201, "POST", "/cart/items", fmt.Sprintf(`{"productId":%q,"qty":1}`, product["id"]))
		item, _ := added["item"].(map[string]any)["id"].(string)
		if added["ok"] != true || item == "" {
			t.Fatalf("item: %v", added)
		}
		if n := len(b.does(200, "GET", "/cart", "")["cart"].(map[string]any)["items"].([]any)); n < 1 {
			t.Errorf("%d lines", n)
		}
		if changed := b.does(200, "PATCH", "/cart/items/"+item, `{"qty":2}`); changed["item"].(map[string]any)["qty"] != 2.0 {
			t.Errorf("changed: %v", changed)
		}
		if gone := b.does(200, "DELETE", "/cart/items/"+item, ""); gone["ok"] != true {
			t.Errorf("deleted: %v", gone)
		}
		b.does(200, "GET", "/cart/estimate-shipping", "")
	}
}

// sprint3/test-cart: two posts under one key leave one line with one piece; and once more, from the start.
func TestSprint3Cart(t *testing.T) {
	t.Parallel()
	b := newStocked(t).client()
	for round := range 2 {
		key := fmt.Sprintf("Idempotency-Key: test-cart-%d", round)
		item := b.add("OIL-30", 1, key)["id"].(string)
		b.add("OIL-30", 1, key)
		if holds := b.holds(); !maps.Equal(holds, map[string]float64{"OIL-30": 1}) {
			t.Errorf("round %d: the cart holds %v", round, holds)
		}
		b.does(200, "DELETE", "/cart/items/"+item, "")
	}
}
