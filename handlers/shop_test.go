package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"frontdesk/models"
)

const testSyncKey = "a-key-of-the-catalogue-script"

// stocked is the application with a small catalogue.
type stocked struct {
	*app
	products map[string]models.Product // by SKU
}

func newStocked(t *testing.T, change ...func(*Settings, *Rooms)) *stocked {
	t.Helper()
	s := &stocked{newApp(t, change...), map[string]models.Product{}}
	s.stock()
	return s
}

// stock fills the shelves: hair care with serums in it, and skin care.
func (s *stocked) stock() {
	s.t.Helper()
	made := testNow.Add(-100 * time.Hour)
	category := func(slug, en, es, ar string, in *models.ID) *models.ID {
		made = made.Add(time.Hour)
		c := models.ProductCategory{ID: models.NewID(), Slug: slug, Names: models.Text{"en": en, "es": es, "ar": ar}, ParentID: in, CreatedAt: made, UpdatedAt: made}
		s.write(&c)
		return &c.ID
	}
	hair := category("hair-care", "Hair care", "Cuidado del cabello", "العناية بالشعر", nil)
	serums := category("serums", "Serums", "Sérums", "سيروم", hair)
	skin := category("skin-care", "Skin care", "Cuidado de la piel", "العناية بالبشرة", nil)
	for _, p := range []models.Product{
		{SKU: "SERUM-50", Names: models.Text{"en": "Repair serum", "es": "Sérum reparador", "ar": "سيروم مرمم"}, PriceMinor: 2400, Stock: 12, Active: true, CategoryID: serums, Brand: "Luma"},
		{SKU: "OIL-30", Names: models.Text{"en": "Argan oil", "es": "Aceite de argán", "ar": "زيت الأرغان"}, PriceMinor: 1800, Stock: 3, Active: true, CategoryID: hair},
		{SKU: "MASK-1", Names: models.Text{"en": "Clay mask", "es": "Mascarilla de arcilla", "ar": "قناع الطين"}, PriceMinor: 3200, Stock: 0, Active: true, CategoryID: skin},
		{SKU: "OLD-1", Names: models.Text{"en": "Old serum", "es": "Sérum viejo", "ar": "سيروم قديم"}, PriceMinor: 100, Stock: 9, CategoryID: serums},
		{SKU: "BALM-US", Names: models.Text{"en": "Lip balm", "es": "Bálsamo labial", "ar": "مرطب شفاه"}, PriceMinor: 900, Stock: 5, Active: true, CategoryID: skin},
	} {
		made = made.Add(time.Hour)
		p.ID, p.Currency, p.CreatedAt, p.UpdatedAt = models.NewID(), "EUR", made, made
		p.Descriptions, p.Attributes = models.Text{"en": "For " + p.SKU}, models.Attributes{"size": {"en": "50 ml", "ar": "٥٠ مل"}}
		if p.SKU == "BALM-US" {
			p.Currency = "USD"
		}
		s.write(&p)
		s.products[p.SKU] = p
		for i := range 2 {
			s.write(&models.Medium{ID: models.NewID(), ProductID: p.ID, URL: fmt.Sprintf("https://images.example/%s-%d.webp", p.SKU, i), Kind: models.MediumImage,
				Position: i, Alt: models.Text{"en": "A picture"}, Origin: models.MediumFromFeed, CreatedAt: made, UpdatedAt: made})
		}
	}
}

func (s *stocked) write(row any) {
	s.t.Helper()
	if err := s.DB.On(s.t.Context()).Create(row).Error; err != nil {
		s.t.Fatal(err)
	}
}

// client is a program that keeps its cookies, as the acceptance scripts' does.
type client struct {
	*stocked
	under   string // a prefix of every path
	cookies map[string]string
}

func (s *stocked) client() *client { return &client{s, "", map[string]string{}} }

// ask sends a body, if there is one, as JSON.
func (b *client) ask(method, path, body string, headers ...string) answer {
	b.t.Helper()
	if body != "" {
		headers = append(headers, typeJSON)
	}
	for name, value := range b.cookies {
		headers = append(headers, "Cookie: "+name+"="+value)
	}
	got := b.call(method, b.under+path, []byte(body), headers...)
	for _, c := range got.Cookies() {
		b.cookies[c.Name] = c.Value
	}
	return got
}

// does is ask for what must go well; it gives the answer.
func (b *client) does(status int, method, path, body string, headers ...string) map[string]any {
	b.t.Helper()
	got := b.ask(method, path, body, headers...)
	if got.StatusCode != status {
		b.t.Fatalf("%s %s %s: got %d %s", method, path, body, got.StatusCode, got.body)
	}
	return got.json(b.t)
}

// holds is what is in the caller's cart: SKU → quantity.
func (b *client) holds() map[string]float64 {
	b.t.Helper()
	out := map[string]float64{}
	for _, item := range b.does(200, "GET", "/cart", "")["cart"].(map[string]any)["items"].([]any) {
		item := item.(map[string]any)
		out[item["sku"].(string)] = item["qty"].(float64)
	}
	return out
}

// add puts something in and gives the line.
func (b *client) add(sku string, qty int, headers ...string) map[string]any {
	b.t.Helper()
	return b.does(201, "POST", "/cart/items", fmt.Sprintf(`{"sku":%q,"qty":%d}`, sku, qty), headers...)["item"].(map[string]any)
}

func skusOf(t *testing.T, got answer) (skus string) {
	t.Helper()
	var list struct{ Items []struct{ SKU string } }
	if err := json.Unmarshal([]byte(got.body), &list); err != nil || got.StatusCode != http.StatusOK {
		t.Fatalf("got %d %s: %v", got.StatusCode, got.body, err)
	}
	for _, item := range list.Items {
		skus += item.SKU + " "
	}
	return skus
}
