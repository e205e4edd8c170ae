package settings

import (
	"strconv"
	"strings"
)

// What sending an order may cost, and from which subtotal on it may be free, at most; in hundredths.
const (
	maxFlat     = 1_000_000
	maxFreeFrom = 100_000_000
)

// Tariff is what sending an order costs, and from which subtotal on it costs nothing.
type Tariff struct{ FlatMinor, FreeFromMinor int64 }

// Shipping is the tariff of orders in a currency: its own where it has one, else the one of all others.
func (p Policies) Shipping(currency string) Tariff {
	if known, ok := tariffs(p.ShopShippingElsewhere); ok {
		if own, has := known[currency]; has {
			return own
		}
	}
	return Tariff{int64(p.ShopShippingMinor), int64(p.ShopFreeFromMinor)}
}

// tariffs reads "GBP 1800 9000, SAR 8000 40000". A currency stands there once; ok is false for anything else.
func tariffs(line string) (map[string]Tariff, bool) {
	out := map[string]Tariff{}
	if strings.TrimSpace(line) == "" {
		return out, true
	}
	for entry := range strings.SplitSeq(line, ",") {
		parts := strings.Fields(entry)
		if len(parts) != 3 || !currencyKnown(parts[0]) {
			return nil, false
		}
		flat, badFlat := strconv.ParseUint(parts[1], 10, 32)
		from, badFrom := strconv.ParseUint(parts[2], 10, 32)
		if _, twice := out[parts[0]]; twice || badFlat != nil || badFrom != nil || flat > maxFlat || from > maxFreeFrom {
			return nil, false
		}
		out[parts[0]] = Tariff{int64(flat), int64(from)}
	}
	return out, true
}
