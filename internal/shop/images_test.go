package shop_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"frontdesk/internal/fault"
)

const mapping = "\ufeffSKU,url,position,alt_en,kind\n" +
	"pol-che,/static/cherry.svg,0,\"Red, like cherries\",\n" +
	"SHA-ARG-250,/static/b.svg,7,,\n" + // the feed has it too
	"SHA-ARG-250,/static/b.svg,7,,\n" +
	"NOBODY,/static/x.svg,,,\n" +
	"OIL-ARG,http://cdn.example/plain.jpg,,,\n" +
	"OIL-ARG,/static/o.svg,first,,\n" +
	"OIL-ARG,/static/o.svg,,,song\n" +
	"OIL-ARG\n"

// pictures come to products by SKU; a dry run finds out the same and changes nothing; a sync leaves them.
func TestPicturesAreMappedBySKU(t *testing.T) {
	t.Parallel()
	h, ctx := stocked(t), context.Background()
	edition := h.edition()
	const want = "{8 1 1 1 [NOBODY] [{6 url} {7 position} {8 kind} {9 url}]}"
	dry, err := h.ImportImages(ctx, strings.NewReader(mapping), true)
	if err != nil || fmt.Sprint(dry) != want {
		t.Fatalf("the dry run: %v, %v", dry, err)
	}
	if h.rows("product_media") != 2 || h.rows("product_media WHERE origin = 'mapping'") != 0 || h.edition() != edition {
		t.Error("the dry run changed something")
	}
	done, err := h.ImportImages(ctx, strings.NewReader(mapping), false)
	if err != nil || fmt.Sprint(done) != want {
		t.Fatalf("the import: %v, %v", done, err)
	}
	again, err := h.ImportImages(ctx, strings.NewReader(mapping), false)
	if err != nil || again.Added+again.Changed != 0 || again.Unchanged != 3 {
		t.Errorf("a second time: %v, %v", again, err)
	}
	h.sync()
	p, err := h.ProductBySKU(ctx, "POL-CHE")
	if err != nil || len(p.Media) != 1 || p.Media[0].Alt["en"] != "Red, like cherries" {
		t.Errorf("after a sync: %+v, %v", p.Media, err)
	}
	if p, err := h.ProductBySKU(ctx, "SHA-ARG-250"); err != nil || len(p.Media) != 2 || p.Media[1].Position != 7 {
		t.Errorf("after a sync: %+v, %v", p.Media, err)
	}
}

func TestWhatIsNoMapping(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, file := range map[string]string{
		"nothing": "", "other columns": "a,b\n1,2\n", "broken quotes": "sku,url\n\"a,/b\n", "broken letters": "sku,url\n\xff,/a\n",
		"too many lines": "sku,url\n" + strings.Repeat("A,/a\n", 20_001),
	} {
		if _, err := h.ImportImages(context.Background(), strings.NewReader(file), false); !fault.Is(err, "shop.mapping") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
