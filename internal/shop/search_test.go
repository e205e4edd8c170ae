package shop_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

func minor(n int64) *int64 { return &n }

// every parameter of a list, alone and together.
func TestListsAreWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	for name, tt := range map[string]struct {
		q     shop.Query
		want  string
		total int64
	}{
		"by price":                  {shop.Query{Sort: shop.SortPrice}, "[SHA-ARG POL-CHE SHA-ARG-250 SHA-COC-250 OIL-ARG]", 5},
		"by price, dearest first":   {shop.Query{Sort: shop.SortPrice, Desc: true}, "[OIL-ARG SHA-COC-250 SHA-ARG-250 POL-CHE SHA-ARG]", 5},
		"by English name":           {shop.Query{Sort: shop.SortName}, "[SHA-ARG SHA-ARG-250 SHA-COC-250 POL-CHE OIL-ARG]", 5},
		"by Spanish name":           {shop.Query{Sort: shop.SortName, Language: models.Spanish}, "[OIL-ARG SHA-ARG-250 SHA-COC-250 POL-CHE SHA-ARG]", 5},
		"by Arabic name":            {shop.Query{Sort: shop.SortName, Language: models.Arabic}, "[OIL-ARG SHA-COC-250 SHA-ARG-250 POL-CHE SHA-ARG]", 5},
		"newest":                    {shop.Query{Desc: true}, "[SHA-ARG POL-CHE OIL-ARG SHA-COC-250 SHA-ARG-250]", 5},
		"oldest":                    {shop.Query{}, "[SHA-ARG-250 SHA-COC-250 OIL-ARG POL-CHE SHA-ARG]", 5},
		"a category":                {shop.Query{Category: "nails"}, "[POL-CHE SHA-ARG]", 2},
		"a category with its child": {shop.Query{Category: "hair"}, "[SHA-ARG-250 SHA-COC-250 OIL-ARG]", 3},
		"an empty category":         {shop.Query{Category: "empty"}, "[]", 0},
		"no such category":          {shop.Query{Category: "cars"}, "[]", 0},
		"from a price":              {shop.Query{MinMinor: minor(1290)}, "[SHA-COC-250 OIL-ARG]", 2},
		"up to a price":             {shop.Query{MaxMinor: minor(690)}, "[POL-CHE SHA-ARG]", 2},
		"between prices":            {shop.Query{MinMinor: minor(691), MaxMinor: minor(1190)}, "[SHA-ARG-250]", 1},
		"one price":                 {shop.Query{MinMinor: minor(690), MaxMinor: minor(690)}, "[POL-CHE]", 1},
		"the first two":             {shop.Query{Sort: shop.SortPrice, Size: 2}, "[SHA-ARG POL-CHE]", 5},
		"as many as may be":         {shop.Query{Sort: shop.SortPrice, Size: shop.MaxSize}, "[SHA-ARG POL-CHE SHA-ARG-250 SHA-COC-250 OIL-ARG]", 5},
		"the second page":           {shop.Query{Sort: shop.SortPrice, Page: 2, Size: 2}, "[SHA-ARG-250 SHA-COC-250]", 5},
		"the last page":             {shop.Query{Sort: shop.SortPrice, Page: 3, Size: 2}, "[OIL-ARG]", 5},
		"beyond the last page":      {shop.Query{Page: 4, Size: 2}, "[]", 5},
		"everything at once":        {shop.Query{Text: "argan", Category: "hair", MinMinor: minor(1000), MaxMinor: minor(2000), Sort: shop.SortPrice, Page: 1, Size: 1}, "[SHA-ARG-250]", 1},
		"words in a brand":          {shop.Query{Text: "zahra"}, "[SHA-COC-250]", 1},
		"words in two places":       {shop.Query{Text: "shampoo zahra"}, "[SHA-COC-250]", 1},
		"a SKU":                     {shop.Query{Text: "pol-che"}, "[POL-CHE]", 1},
		"a SKU before what names it, whichever order": {shop.Query{Text: "sha-arg-250", Sort: shop.SortPrice}, "[SHA-ARG-250 SHA-ARG]", 2},
		"what follows the SKU on the next page":       {shop.Query{Text: "sha-arg-250", Sort: shop.SortPrice, Page: 2, Size: 1}, "[SHA-ARG]", 2},
		"a SKU out of bounds":                         {shop.Query{Text: "sha-arg-250", MaxMinor: minor(100)}, "[SHA-ARG]", 1},
		"a percent sign":                              {shop.Query{Text: "100%"}, "[SHA-ARG]", 1},
		"an underscore":                               {shop.Query{Text: "by_hand"}, "[SHA-ARG]", 1},
		"an underscore is no wildcard":                {shop.Query{Text: "o_l"}, "[]", 0},
		"a backslash":                                 {shop.Query{Text: `xyz\`}, "[]", 0},
		"a quote":                                     {shop.Query{Text: `'; DROP TABLE products; --`}, "[]", 0},
		"only a comma":                                {shop.Query{Text: " , "}, "[SHA-ARG-250 SHA-COC-250 OIL-ARG POL-CHE SHA-ARG]", 5},
	} {
		if got := h.find(tt.q); skus(got) != tt.want || got.Total != tt.total {
			t.Errorf("%s: got %s of %d, want %s of %d", name, skus(got), got.Total, tt.want, tt.total)
		}
		if again := h.find(tt.q); skus(again) != tt.want || again.Total != tt.total {
			t.Errorf("%s, remembered: got %s of %d, want %s of %d", name, skus(again), again.Total, tt.want, tt.total)
		}
	}
}

// However people write a word, in whichever of the three languages, they find what it names.
func TestWordsAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	for _, word := range []string{
		"argan", "ARGAN", "árgan", "argán", "arga\u0301n", "Ａrgan", "أرغان", "ارغان", "إرغان", "الأرغان", "الارغان", "أَرْغَان", "أرغـــان", "\u200fأرغان", "argann",
	} {
		got := h.find(shop.Query{Text: word, Category: "hair"})
		if skus(got) != "[SHA-ARG-250 OIL-ARG]" {
			t.Errorf("%q found %s", word, skus(got))
		}
	}
	for word, want := range map[string]string{
		"unas": "[POL-CHE]", "uñas": "[POL-CHE]", "champu": "[SHA-ARG-250 SHA-COC-250]", "اظافر": "[POL-CHE]", "شامبو ٢٥٠": "[SHA-ARG-250 SHA-COC-250]", "coconutt": "[SHA-COC-250]",
	} {
		if got := skus(h.find(shop.Query{Text: word})); got != want {
			t.Errorf("%q found %s, want %s", word, got, want)
		}
	}
}

func TestLimitsOfAQuery(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, tt := range map[string]struct {
		q     shop.Query
		field string
	}{
		"a long text":      {shop.Query{Text: strings.Repeat("ع", 101)}, "q"},
		"broken letters":   {shop.Query{Text: "\xff"}, "q"},
		"a zero byte":      {shop.Query{Text: "a\x00b"}, "q"},
		"a long category":  {shop.Query{Category: strings.Repeat("a", 61)}, "category"},
		"below nothing":    {shop.Query{MinMinor: minor(-1)}, "minPrice"},
		"beyond all money": {shop.Query{MaxMinor: minor(1 << 40)}, "maxPrice"},
		"upside down":      {shop.Query{MinMinor: minor(2), MaxMinor: minor(1)}, "maxPrice"},
		"no order":         {shop.Query{Sort: "random"}, "sort"},
		"page minus one":   {shop.Query{Page: -1}, "page"},
		"a page too far":   {shop.Query{Page: shop.MaxPage + 1}, "page"},
		"a large page":     {shop.Query{Size: shop.MaxSize + 1}, "pageSize"},
	} {
		_, err := h.Search(context.Background(), tt.q)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Kind != fault.KindInvalid || f.Fields[tt.field] == "" || len(f.Fields) != 1 {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if l := h.find(shop.Query{Text: strings.Repeat("ع", 100)}); l.Page != 1 || l.Size != shop.DefaultSize {
		t.Errorf("an empty shop gave %+v", l)
	}
}

// what is not for sale is not there.
func TestAProductIsShownWhileItIsForSale(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	got, err := h.ProductBySKU(ctx, " sha-arg-250 ")
	if err != nil || len(got.Media) != 2 || got.Media[0].URL != "/static/a.svg" || got.Category == nil || got.Category.Slug != "shampoo" {
		t.Fatalf("got %+v, %v", got, err)
	}
	if same, err := h.Product(ctx, got.ID); err != nil || same.SKU != got.SKU {
		t.Errorf("by id: %+v, %v", same, err)
	}
	if first := h.find(shop.Query{Text: "sha-arg-250"}).Products[0]; len(first.Media) != 1 || first.Media[0].URL != "/static/a.svg" || first.Category == nil {
		t.Errorf("a list holds %+v", first)
	}
	for _, sku := range []string{"OLD", "", "nothing", strings.Repeat("x", 65), "a\x00"} {
		if _, err := h.ProductBySKU(ctx, sku); !fault.Is(err, "shop.product_not_found") {
			t.Errorf("%q: %v", sku, err)
		}
	}
	if _, err := h.Product(ctx, models.NewID()); !fault.Is(err, "shop.product_not_found") {
		t.Error(err)
	}
}

// categories come in their order, with what a list of them holds.
func TestCategoriesCountWhatIsForSale(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	h.exec("UPDATE products SET active = false WHERE sku = 'POL-CHE'")
	got, err := h.Categories(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string][2]int{}
	var order []string
	for _, c := range got {
		counts[c.Slug] = [2]int{c.Products, c.Children}
		order = append(order, c.Slug)
		if list := h.find(shop.Query{Category: c.Slug}); list.Total != int64(c.Products) {
			t.Errorf("%s counts %d and lists %d", c.Slug, c.Products, list.Total)
		}
		if (c.Slug == "shampoo") != (c.Parent != nil && c.Parent.Slug == "hair") {
			t.Errorf("%s stands in %v", c.Slug, c.Parent)
		}
	}
	want := map[string][2]int{"hair": {3, 1}, "shampoo": {2, 0}, "nails": {1, 0}, "empty": {0, 0}}
	for slug, w := range want {
		if counts[slug] != w {
			t.Errorf("%s: got %v, want %v", slug, counts[slug], w)
		}
	}
	if slices.Index(order, "shampoo") != slices.Index(order, "hair")+1 || len(order) != 4 {
		t.Errorf("in the order %v", order)
	}
}

// Whatever people type is answered, and what they find holds the words as they are compared.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"argan", "الأرغان", "%_\\", "a'b\"c", "ال", "\u0301", "٢٥٠ ml", "SHA-ARG-250", "\u202e", "ﷺ"} {
		f.Add(s)
	}
	h := stocked(f, shop.WithLifetimes(0, 0))
	f.Fuzz(func(t *testing.T, text string) {
		l, err := h.Search(context.Background(), shop.Query{Text: text})
		var wrong *fault.Fault
		if err != nil && !errors.As(err, &wrong) {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && (l.Total > 5 || int64(len(l.Products)) != l.Total) {
			t.Fatalf("%q: %d of %d", text, len(l.Products), l.Total)
		}
	})
}
