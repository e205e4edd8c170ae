package chat

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// stocked puts a small shop beside the salon: two categories, one within the other, and eight products.
func (s *house) stocked() {
	s.t.Helper()
	now := s.Clock.Now()
	care := models.ProductCategory{ID: models.NewID(), Slug: "hair-care", Names: models.Text{"en": "Hair care", "es": "Cuidado del cabello", "ar": "العناية بالشعر"}, CreatedAt: now, UpdatedAt: now}
	oils := models.ProductCategory{ID: models.NewID(), Slug: "hair-oils", Names: models.Text{"en": "Oils", "es": "Aceites", "ar": "زيوت"}, ParentID: &care.ID, CreatedAt: now, UpdatedAt: now}
	s.must(s.DB.On(s.ctx).Create(&care).Error)
	s.must(s.DB.On(s.ctx).Create(&oils).Error)
	for i, p := range []struct {
		sku   string
		in    models.ID
		price int64
		stock int
		names models.Text
		text  models.Text
	}{
		{"OIL-ARG-100", oils.ID, 1850, 12, models.Text{"en": "Argan oil · 100 ml", "es": "Aceite de argán · 100 ml", "ar": "زيت الأرغان · 100 مل"}, models.Text{"en": "Calms frizz.", "es": "Doma el encrespado.", "ar": "يهدّئ الشعر المنفوش."}},
		{"OIL-ALM-50", oils.ID, 1290, 2, models.Text{"en": "Almond oil · 50 ml", "es": "Aceite de almendras · 50 ml", "ar": "زيت اللوز · 50 مل"}, nil},
		{"SHA-FREE-250", care.ID, 1400, 30, models.Text{"en": "Gentle shampoo · 250 ml", "es": "Champú suave sin sulfatos · 250 ml", "ar": "شامبو لطيف خالٍ من الكبريتات · 250 مل"}, models.Text{"en": "Without sulphates.", "es": "Sin sulfatos.", "ar": "بدون كبريتات."}},
		{"SHA-KER-250", care.ID, 1600, 8, models.Text{"en": "Keratin shampoo · 250 ml", "es": "Champú de queratina · 250 ml", "ar": "شامبو الكيراتين · 250 مل"}, nil},
		{"MSK-SHE-200", care.ID, 2100, 0, models.Text{"en": "Shea mask · 200 ml", "es": "Mascarilla de karité · 200 ml", "ar": "قناع الشيا · 200 مل"}, nil},
		{"CON-CUR-250", care.ID, 1500, 9, models.Text{"en": "Curl conditioner · 250 ml", "es": "Acondicionador para rizos · 250 ml", "ar": "بلسم للشعر المجعد · 250 مل"}, nil},
		{"SER-TIP-30", care.ID, 2400, 9, models.Text{"en": "Tips serum · 30 ml", "es": "Sérum de puntas · 30 ml", "ar": "سيروم الأطراف · 30 مل"}, nil},
	} {
		at := now.Add(-time.Duration(i) * time.Hour)
		category := p.in
		row := models.Product{
			ID: models.NewID(), SKU: p.sku, Names: p.names, Descriptions: p.text, PriceMinor: p.price, Currency: "EUR", Stock: p.stock, Active: true,
			CategoryID: &category, CreatedAt: at, UpdatedAt: at, Version: 1,
		}
		if row.Descriptions == nil {
			row.Descriptions = models.Text{}
		}
		s.must(s.DB.On(s.ctx).Create(&row).Error)
		if p.sku == "OIL-ARG-100" {
			s.must(s.DB.On(s.ctx).Create(&models.Medium{
				ID: models.NewID(), ProductID: row.ID, URL: "https://feed.test/argan.jpg", Kind: models.MediumImage, Position: 1, Alt: p.names, Origin: models.MediumFromFeed, CreatedAt: at, UpdatedAt: at,
			}).Error)
		}
	}
}

// product changes what is for sale: "stock OIL-ARG-100 0", "price OIL-ARG-100 2000".
func (s *house) product(words []string) {
	s.t.Helper()
	n, err := strconv.Atoi(words[2])
	s.must(err)
	column := map[string]string{"stock": "stock", "price": "price_minor"}[words[0]]
	s.must(s.DB.On(s.ctx).Exec("UPDATE products SET "+column+" = ? WHERE sku = ?", n, words[1]).Error)
}

// orders are the orders of the house, newest first.
func (s *house) orders() []models.Order {
	s.t.Helper()
	var rows []models.Order
	s.must(s.DB.On(s.ctx).Preload("Items").Order("created_at DESC, id DESC").Find(&rows).Error)
	return rows
}

// sold takes the newest order on: "ship", "deliver", "pay", "lapse".
func (s *house) sold(what string) {
	s.t.Helper()
	o := s.orders()[0]
	switch what {
	case "ship":
		_, err := s.Till.ShipOrder(s.ctx, "staff:x", o.ID, o.Version, "")
		s.must(err)
	case "deliver":
		_, err := s.Till.DeliverOrder(s.ctx, "staff:x", o.ID, o.Version, "")
		s.must(err)
	case "lapse":
		s.hand.Set(o.ReservedUntil.Add(time.Hour))
		_, err := s.Till.ExpireOrders(s.ctx)
		s.must(err)
	default:
		s.t.Fatalf("nothing is called %q", what)
	}
	s.drain()
}

// linkOrder is what the provider's session job does for an order, without the provider.
func (s *house) linkOrder(a queue.PaymentSession, n int64) error {
	done := s.DB.On(s.ctx).Model(&models.Payment{}).Where("id = ? AND state = 'requested'", a.PaymentID).Updates(map[string]any{
		"state": models.PaymentOpen, "session_id": fmt.Sprintf("cs_test_%d", n+1), "url": fmt.Sprintf("https://pay.test/c/%c", 'a'+n),
	})
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return s.Queue.Enqueue(s.ctx, queue.Tell{ConversationID: a.ConversationID, Event: TellOrderLink, Ref: a.PaymentID})
}

// stranger has ordered something; the number of that order.
func (s *house) stranger() string {
	s.t.Helper()
	number := "+447700900777"
	other := models.Customer{ID: models.NewID(), Name: "Rival", Phone: &number, Language: "en", CreatedAt: s.Clock.Now(), UpdatedAt: s.Clock.Now()}
	s.must(s.DB.On(s.ctx).Create(&other).Error)
	owner := shop.Owner{Customer: other.ID}
	_, err := s.Shop.Add(s.ctx, owner, shop.Add{SKU: "SHA-KER-250", Qty: 1})
	s.must(err)
	o, err := s.Till.PlaceOrder(s.ctx, checkout.OrderRequest{
		Owner: owner, Method: models.MethodCOD, Language: "en", Channel: checkout.ChannelWeb, Address: &checkout.AddressInput{Line1: "Gran Via 1", City: "Madrid", Country: "ES"},
	})
	s.must(err)
	return o.Number
}

// masked hides what is drawn anew for every order and return.
func masked(text string) string {
	text = regexp.MustCompile(`LU-[0-9A-Z]{4}-[0-9A-Z]{4}`).ReplaceAllString(text, "LU-0000-0000")
	return regexp.MustCompile(`RMA-[0-9A-Z]{4}-[0-9A-Z]{4}`).ReplaceAllString(text, "RMA-0000-0000")
}
