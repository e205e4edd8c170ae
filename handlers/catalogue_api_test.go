package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"frontdesk/models"
)

// Every parameter of the list, alone and together.
func TestProductsByEveryParameter(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for query, want := range map[string]string{
		"":                                "BALM-US MASK-1 OIL-30 SERUM-50 ",
		"?q=serum":                        "SERUM-50 ",
		"?q=SERUM-50":                     "SERUM-50 ",
		"?q=luma":                         "SERUM-50 ",
		"?q=nothing-like-it":              "",
		"?q=%25":                          "",
		"?category=hair-care":             "OIL-30 SERUM-50 ",
		"?category=serums":                "SERUM-50 ",
		"?category=unknown":               "",
		"?minPrice=1800&maxPrice=2400":    "OIL-30 SERUM-50 ",
		"?maxPrice=899":                   "",
		"?maxPrice=0":                     "",
		"?minPrice=0&maxPrice=1000000000": "BALM-US MASK-1 OIL-30 SERUM-50 ",
		"?sort=price&order=asc":           "BALM-US OIL-30 SERUM-50 MASK-1 ",
		"?sort=price":                     "MASK-1 SERUM-50 OIL-30 BALM-US ",
		"?sort=name&order=asc":            "OIL-30 MASK-1 BALM-US SERUM-50 ",
		"?sort=newest&order=asc":          "SERUM-50 OIL-30 MASK-1 BALM-US ",
		"?sort=price&order=asc&pageSize=2&page=2": "SERUM-50 MASK-1 ",
		"?page=9":                   "",
		"?q=&category=&sort=&page=": "BALM-US MASK-1 OIL-30 SERUM-50 ",
		"?unknown=1":                "BALM-US MASK-1 OIL-30 SERUM-50 ",
		"?q=test&sort=name&order=asc&page=1&pageSize=5":      "",
		"?category=hair-care&q=oil&sort=price&minPrice=1000": "OIL-30 ",
	} {
		for _, under := range []string{"", apiPrefix} {
			if got := skusOf(t, s.call("GET", under+"/products"+query, nil)); got != want {
				t.Errorf("%s%s: got %q, want %q", under, query, got, want)
			}
		}
	}
	page := s.call("GET", "/products?pageSize=3&lang=es", nil).json(t)
	if page["total"] != 4.0 || page["page"] != 1.0 || page["pageSize"] != 3.0 {
		t.Errorf("got %v", page)
	}
	first := page["items"].([]any)[2].(map[string]any)
	if first["name"] != "Aceite de argán" || len(first["media"].([]any)) != 1 || first["category"].(map[string]any)["slug"] != "hair-care" || first["price"] != 1800.0 {
		t.Errorf("got %v", first)
	}
}

// What a list is wrongly asked for is named.
func TestProductsRefuseWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	for query, want := range map[string]string{
		"?sort=stock":                "sort:choice",
		"?order=up":                  "order:choice",
		"?page=0":                    "page:min",
		"?page=-1":                   "page:min",
		"?page=5001":                 "page:max",
		"?page=x":                    "page:integer",
		"?page=1.5":                  "page:integer",
		"?pageSize=101":              "pageSize:max",
		"?pageSize=0":                "pageSize:min",
		"?minPrice=-1":               "minPrice:min",
		"?maxPrice=1000000001":       "maxPrice:max",
		"?maxPrice=9999999999999999": "maxPrice:max",
		"?minPrice=99999999999999999999&sort=stock": "minPrice:integer sort:choice",
		"?minPrice=5&maxPrice=4":                    "maxPrice:shop.query_price",
		"?q=" + strings.Repeat("a", 101):            "q:too_long",
		"?category=" + strings.Repeat("a", 61):      "category:too_long",
		"?q=a%00b":                                  "q:shop.query_text",
	} {
		got := s.call("GET", "/products"+query, nil)
		if got.StatusCode != 400 || got.code(t) != "validation" || wrongFields(got.json(t)) != want {
			t.Errorf("%s: got %d %s, want %s", query, got.StatusCode, got.body, want)
		}
	}
}

// One product with all its media; what is not sold is not there.
func TestOneProduct(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	got := s.call("GET", "/products/"+s.products["SERUM-50"].ID.String()+"?lang=ar", nil).json(t)
	p, _ := got["product"].(map[string]any)
	if got["ok"] != true || p["name"] != "سيروم مرمم" || len(p["media"].([]any)) != 2 || p["isActive"] != true || p["attributes"].(map[string]any)["size"] != "٥٠ مل" {
		t.Errorf("got %v", got)
	}
	for _, id := range []string{s.products["OLD-1"].ID.String(), models.NewID().String(), "1", "%00", "not-an-id", strings.Repeat("a", 60)} {
		for _, under := range []string{"", apiPrefix} {
			got := s.call("GET", under+"/products/"+id, nil)
			if got.StatusCode != 404 || got.code(t) != "product_not_found" || got.json(t)["ok"] != false {
				t.Errorf("%s: got %d %s", id, got.StatusCode, got.body)
			}
		}
	}
}

// Categories with parents and counts of what is sold.
func TestCategories(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	got := s.call("GET", "/categories", nil).json(t)
	all := []string{}
	for _, c := range got["categories"].([]any) {
		c := c.(map[string]any)
		count, parent := c["_count"].(map[string]any), ""
		if in, ok := c["parent"].(map[string]any); ok {
			parent = in["slug"].(string)
		}
		all = append(all, fmt.Sprint(c["slug"], " in ", parent, " ", count["products"], " ", count["children"]))
	}
	slices.Sort(all)
	if fmt.Sprint(all) != "[hair-care in  2 1 serums in hair-care 1 0 skin-care in  2 0]" || got["ok"] != true {
		t.Errorf("got %v", all)
	}
}

func TestCatalogHealth(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	s.call("GET", "/products", nil)
	s.call("GET", "/products", nil)
	got := s.call("GET", "/catalog/health", nil).json(t)
	counts, cache := got["counts"].(map[string]any), got["cache"].(map[string]any)
	if got["ok"] != true || counts["products"] != 5.0 || counts["categories"] != 3.0 || counts["media"] != 10.0 || cache["enabled"] != true || cache["hits"].(float64) < 1 {
		t.Errorf("got %v", got)
	}
	if _, there := got["lastSyncAt"]; there {
		t.Error("the feed was never read")
	}
	timings := got["catalog"].(map[string]any)["timings"].(map[string]any)
	for _, field := range []string{"productsLastMs", "categoriesLastMs", "productsAvgMs", "categoriesAvgMs", "samples"} {
		if _, there := timings[field]; !there {
			t.Errorf("%s is missing", field)
		}
	}
}

// A caller that has an answer is spared it while nothing has changed, and gets the new one at once.
func TestAnswersAreKeptWhileTheyHold(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	serum := s.products["SERUM-50"]
	for _, path := range []string{"/products?sort=price", "/products/" + serum.ID.String(), "/categories", "/api/products"} {
		first := s.call("GET", path, nil)
		tag := first.Header.Get("ETag")
		if tag == "" || first.Header.Get("Cache-Control") != "no-cache" || !strings.Contains(first.Header.Get("Vary"), "Accept-Language") {
			t.Fatalf("%s: got %v", path, first.Header)
		}
		for has, want := range map[string]int{tag: 304, "W/" + tag: 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200, "": 200} {
			got := s.call("GET", path, nil, "If-None-Match: "+has)
			if got.StatusCode != want || want == 304 && got.body != "" || got.Header.Get("ETag") != tag {
				t.Errorf("%s, %s: got %d %s", path, has, got.StatusCode, got.body)
			}
		}
		if got := s.call("GET", path, nil, "If-None-Match: "+tag, "Accept-Language: ar"); got.StatusCode != 200 {
			t.Errorf("%s: another language is another answer, got %d", path, got.StatusCode)
		}
		if got := s.call("HEAD", path, nil); got.StatusCode != 200 || got.body != "" || got.Header.Get("ETag") != tag {
			t.Errorf("HEAD %s: got %d %v", path, got.StatusCode, got.Header)
		}
	}
	before := s.call("GET", "/products", nil).Header.Get("ETag")
	if err := s.DB.On(t.Context()).Model(&serum).Update("price_minor", 2500).Error; err != nil {
		t.Fatal(err)
	}
	if got := s.call("GET", "/products", nil, "If-None-Match: "+before); got.StatusCode != 200 || !strings.Contains(got.body, `"price":2500`) {
		t.Errorf("after a new price: got %d %s", got.StatusCode, got.body)
	}
}

// Only who has the key lets the feed be read; while it is rotated both keys do.
func TestOnlyTheKeyBeginsASync(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	begin := func(key string) answer { return s.call("POST", "/catalog/sync", nil, "X-Catalog-Sync-Key: "+key) }
	for _, key := range []string{"", " ", ",", "x", testSyncKey + "x", testSyncKey[1:], testSyncKey + ",", strings.Repeat("k", 500)} {
		if got := begin(key); got.StatusCode != 401 || got.code(t) != "unauthorized" {
			t.Errorf("%q: got %d %s", key, got.StatusCode, got.body)
		}
	}
	if n := s.count("feed_runs"); n != 0 {
		t.Errorf("%d runs were begun", n)
	}
	first := begin(testSyncKey)
	if first.StatusCode != 202 || first.json(t)["ok"] != true || first.json(t)["runId"] == "" {
		t.Fatalf("got %d %s", first.StatusCode, first.body)
	}
	if second := begin(testSyncKey); second.StatusCode != 202 || second.json(t)["runId"] != first.json(t)["runId"] {
		t.Errorf("while it is read: got %d %s, first %s", second.StatusCode, second.body, first.body)
	}
	s.set.SyncKey = "the-next-key, " + testSyncKey
	for key, want := range map[string]int{testSyncKey: 202, "the-next-key": 202, "the-next-key, " + testSyncKey: 401, "": 401} {
		if got := begin(key); got.StatusCode != want {
			t.Errorf("while it is rotated, %q: got %d", key, got.StatusCode)
		}
	}
	s.set.SyncKey = ""
	if got := begin(""); got.StatusCode != 503 || got.code(t) != "not_configured" {
		t.Errorf("without a key: got %d %s", got.StatusCode, got.body)
	}
}
