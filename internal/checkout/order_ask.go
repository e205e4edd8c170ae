package checkout

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"gorm.io/gorm"

	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// AddressInput is where an order is to go, as somebody typed it.
type AddressInput struct {
	Name, Phone, Line1, Line2, City, Region, Country, PostalCode string
}

// Limits of what may be typed, in characters.
const (
	MaxAddressName   = 100
	MaxAddressLine   = 200
	MaxAddressPlace  = 100 // a city or a region
	MaxAddressPostal = 20
	MaxOrderNotes    = 500
	maxOrderKey      = 200
)

// checked tidies a request and refuses what no order could be made of, field by field.
func (r OrderRequest) checked() (OrderRequest, error) {
	wrong := map[string]string{}
	if r.Method != models.MethodCOD && r.Method != models.MethodStripe {
		wrong["method"] = "orders.method"
	}
	if r.Notes = strings.TrimSpace(shown(r.Notes, true)); utf8.RuneCountInString(r.Notes) > MaxOrderNotes {
		wrong["notes"] = "orders.notes_long"
	}
	if !keyFits(r.Key) {
		wrong["idempotencyKey"] = "shop.key"
	}
	if r.Language == "" {
		r.Language = models.English
	}
	if !slices.Contains(models.Languages(), r.Language) {
		wrong["language"] = "orders.language"
	}
	if !slices.Contains([]string{ChannelWeb, ChannelWhatsApp, ChannelAPI}, r.Channel) {
		wrong["channel"] = "orders.channel"
	}
	if r.Address != nil {
		a := r.Address.checked(wrong)
		r.Address = &a
	}
	if len(wrong) > 0 {
		return r, fault.Invalid("orders.refused", wrong)
	}
	return r, nil
}

// CheckAddress tidies an address and judges it: where the chat or a page asks for it part by part. Faults:
// those of the fields "address.name", "address.phone", "address.line1" and so on.
func CheckAddress(a AddressInput) (AddressInput, error) {
	wrong := map[string]string{}
	a = a.checked(wrong)
	if len(wrong) > 0 {
		return a, fault.Invalid("orders.refused", wrong)
	}
	return a, nil
}

func (a AddressInput) checked(wrong map[string]string) AddressInput {
	for _, f := range []struct {
		name string
		text *string
		most int
		must string // what is said when it is missing; "" where it may be
	}{
		{"name", &a.Name, MaxAddressName, ""}, {"line1", &a.Line1, MaxAddressLine, "orders.line1_missing"},
		{"line2", &a.Line2, MaxAddressLine, ""}, {"city", &a.City, MaxAddressPlace, "orders.city_missing"},
		{"region", &a.Region, MaxAddressPlace, ""}, {"postalCode", &a.PostalCode, MaxAddressPostal, ""},
	} {
		*f.text = strings.Join(strings.Fields(shown(*f.text, false)), " ")
		switch {
		case *f.text == "" && f.must != "":
			wrong["address."+f.name] = f.must
		case utf8.RuneCountInString(*f.text) > f.most:
			wrong["address."+f.name] = "orders.text_long"
		}
	}
	a.Country = strings.ToUpper(strings.TrimSpace(a.Country))
	if !countryKnown(a.Country) {
		wrong["address.country"] = "orders.country"
	}
	if a.Phone = strings.TrimSpace(a.Phone); a.Phone != "" {
		phone, err := customers.Normalize(a.Phone)
		if err != nil {
			wrong["address.phone"] = "customers.phone"
		}
		a.Phone = phone
	}
	return a
}

// countryKnown tells whether two letters are a country of ISO 3166-1.
func countryKnown(code string) bool {
	if len(code) != 2 {
		return false
	}
	region, err := language.ParseRegion(code)
	return err == nil && region.IsCountry() && region.String() == code
}

// shown is a text without what controls how others are shown.
func shown(text string, lines bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func keyFits(key string) bool {
	return utf8.ValidString(key) && utf8.RuneCountInString(key) <= maxOrderKey &&
		!strings.ContainsFunc(key, func(r rune) bool { return !unicode.IsPrint(r) })
}

// putAddress keeps an address, or finds the one that is there.
const putAddress = `WITH fresh AS (
		INSERT INTO addresses (id, customer_id, session_id, digest, name, phone, line1, line2, city, region, country, postal_code, created_at)
		VALUES (@id, @customer, @session, @digest, @name, @phone, @line1, @line2, @city, @region, @country, @postal, @now) ON CONFLICT DO NOTHING RETURNING *
	) SELECT * FROM fresh UNION ALL SELECT * FROM addresses WHERE coalesce(customer_id, session_id) = @owner AND digest = @digest`

// keepAddress keeps an address once for its owner; nil for none.
func (t *Till) keepAddress(ctx context.Context, o shop.Owner, a *AddressInput) (*models.Address, error) {
	if a == nil {
		return nil, nil
	}
	var customer, session *models.ID
	if o.Guest() {
		session = &o.Session
	} else {
		customer = &o.Customer
	}
	facts := map[string]any{
		"id": models.NewID(), "owner": ownerID(o), "customer": customer, "session": session, "digest": digestOf(*a), "name": a.Name, "phone": a.Phone,
		"line1": a.Line1, "line2": a.Line2, "city": a.City, "region": a.Region, "country": a.Country, "postal": a.PostalCode,
		"now": t.clock.Now().Truncate(time.Microsecond),
	}
	var kept []models.Address
	for range 2 { // what somebody else was keeping is there the second time
		err := t.db.On(ctx).Raw(putAddress, facts).Scan(&kept).Error
		if database.Violates(err, "addresses_session_id_fkey") {
			return nil, fault.NotFound("shop.no_session")
		}
		if err != nil {
			return nil, fmt.Errorf("keep address: %w", err)
		}
		if len(kept) > 0 {
			return &kept[0], nil
		}
	}
	return nil, errors.New("keep address: it is neither there nor new")
}

// digestOf tells one address, or one request, from another; every part is kept apart from the next.
func digestOf(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil { // plain texts always encode
		return nil
	}
	sum := sha256.Sum256(raw)
	return sum[:]
}

// asked is the digest of what a request asks for, its key aside. What the cart holds is not in it: under one key
// the first answer stands.
func (r OrderRequest) asked() []byte {
	return digestOf(struct {
		Method  models.OrderMethod
		Address *AddressInput
		Notes   string
	}{r.Method, r.Address, r.Notes})
}

// figures are what was answered about an order under a key.
type figures struct {
	Method                         models.OrderMethod
	Status                         models.OrderStatus
	Currency                       string
	Subtotal, Tax, Shipping, Total int64
}

// over puts what was answered over the order as it is now.
func (f figures) over(o *models.Order) {
	o.Method, o.Status, o.Currency = f.Method, f.Status, f.Currency
	o.SubtotalMinor, o.TaxMinor, o.ShippingMinor, o.TotalMinor = f.Subtotal, f.Tax, f.Shipping, f.Total
}

// orderKey is what was answered under an owner's key. Its time is machine time.
type orderKey struct {
	OwnerID   models.ID
	Key       string
	Asked     []byte
	OrderID   models.ID
	Answer    json.RawMessage
	ExpiresAt time.Time
}

// TableName is where keys are kept.
func (orderKey) TableName() string { return "order_keys" }

// orderKeyLife is how long asking again under a key is answered the same.
const orderKeyLife = 24 * time.Hour

func ownerID(o shop.Owner) models.ID {
	if o.Guest() {
		return o.Session
	}
	return o.Customer
}

// answeredOrder is what the owner was answered under this key before; nil when nothing was. Fault:
// shop.idempotency_conflict when something else was asked for.
func (t *Till) answeredOrder(ctx context.Context, r OrderRequest) (models.ID, *figures, error) {
	if r.Key == "" {
		return models.ID{}, nil, nil
	}
	var row orderKey
	err := t.db.On(ctx).Where("owner_id = ? AND key = ? AND expires_at > ?", ownerID(r.Owner), r.Key, t.clock.Machine()).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.ID{}, nil, nil
	}
	if err != nil {
		return models.ID{}, nil, fmt.Errorf("look for key: %w", err)
	}
	if string(row.Asked) != string(r.asked()) {
		return models.ID{}, nil, fault.Conflict("shop.idempotency_conflict")
	}
	var f figures
	if err := json.Unmarshal(row.Answer, &f); err != nil {
		return models.ID{}, nil, fmt.Errorf("read answer: %w", err)
	}
	return row.OrderID, &f, nil
}

// answerOrder keeps what is answered under the key, in the place of one whose time is over. The owner's cart is locked.
func (t *Till) answerOrder(ctx context.Context, r OrderRequest, o models.Order) error {
	b := t.db.Batch()
	if err := t.answerWith(b, r, o); err != nil {
		return err
	}
	return t.db.Send(ctx, b)
}

// answerWith is answerOrder as a part of a batch.
func (t *Till) answerWith(b *database.Batch, r OrderRequest, o models.Order) error {
	if r.Key == "" {
		return nil
	}
	body, err := answerOf(o)
	if err != nil {
		return err
	}
	now := t.clock.Machine()
	b.Add(func(q *gorm.DB) *gorm.DB {
		return q.Exec(`INSERT INTO order_keys (owner_id, key, asked, order_id, answer, expires_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (owner_id, key) DO UPDATE SET asked = excluded.asked, order_id = excluded.order_id, answer = excluded.answer,
			expires_at = excluded.expires_at WHERE order_keys.expires_at <= ?`,
			ownerID(r.Owner), r.Key, r.asked(), o.ID, body, now.Add(orderKeyLife), now)
	}, func(kept int64) error {
		if kept == 0 { // answered in between, from a cart that has ended since
			return fault.Conflict("shop.idempotency_conflict")
		}
		return nil
	})
	return nil
}

// answerAtOnce is answerWith for a key that nothing was ever answered under; two who find so are told apart by its row.
func (t *Till) answerAtOnce(b *database.Batch, r OrderRequest, o models.Order) error {
	if r.Key == "" {
		return nil
	}
	body, err := answerOf(o)
	b.Exec("INSERT INTO order_keys (owner_id, key, asked, order_id, answer, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
		ownerID(r.Owner), r.Key, r.asked(), o.ID, body, t.clock.Machine().Add(orderKeyLife))
	return err
}

// answerOf is what is kept of an order under a key.
func answerOf(o models.Order) (string, error) {
	body, err := json.Marshal(figures{o.Method, o.Status, o.Currency, o.SubtotalMinor, o.TaxMinor, o.ShippingMinor, o.TotalMinor})
	if err != nil {
		return "", fmt.Errorf("write answer: %w", err)
	}
	return string(body), nil
}

// Numbers of orders are read aloud: none of 0, O, 1 and I is in them.
const (
	numberLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	numberPrefix  = "LU"
	numberPart    = 4
	numberTries   = 5
)

// newNumber is a number that nobody can guess: 40 bits of chance.
func newNumber() string {
	raw := make([]byte, 2*numberPart)
	rand.Read(raw) //nolint:errcheck // never fails: the runtime stops the program instead
	for i, b := range raw {
		raw[i] = numberLetters[int(b)%len(numberLetters)]
	}
	return numberPrefix + "-" + string(raw[:numberPart]) + "-" + string(raw[numberPart:])
}

// OrderNumber is what somebody typed as the number of an order, written as we write it; "" when it is none.
func OrderNumber(text string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
	if len(word) == len(numberPrefix)+2*numberPart {
		word = strings.TrimPrefix(word, numberPrefix)
	}
	if len(word) != 2*numberPart || strings.ContainsFunc(word, func(r rune) bool { return !strings.ContainsRune(numberLetters, r) }) {
		return ""
	}
	return numberPrefix + "-" + word[:numberPart] + "-" + word[numberPart:]
}
