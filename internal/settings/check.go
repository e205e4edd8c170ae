package settings

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// refuse says that one key's value will not do.
func refuse(key, why string) *fault.Fault {
	return fault.Invalid("settings.refused", map[string]string{key: why})
}

// check holds the value of a key against its limits: the translation key of what is wrong, or "".
func (p Policies) check(policy Policy) string {
	switch value := p.Value(policy.Key).(type) {
	case int:
		return checkNumber(policy, value)
	case string:
		return checkString(policy, value)
	case models.Text:
		return checkWording(policy, value)
	default:
		return ""
	}
}

func checkNumber(policy Policy, n int) string {
	switch {
	case policy.Kind == Step && !slices.Contains(policy.Choices, n):
		return "settings.not_offered"
	case policy.Kind == Number && (n < policy.Min || n > policy.Max):
		return "settings.out_of_range"
	default:
		return ""
	}
}

func checkString(policy Policy, value string) string {
	switch policy.Kind {
	case Zone:
		if !zoneKnown(value) {
			return "settings.unknown_zone"
		}
	case Currency:
		if !currencyKnown(value) {
			return "settings.unknown_currency"
		}
	case Link:
		if value != "" && !isLink(value) {
			return "settings.no_link"
		}
	case Tariffs:
		if _, ok := tariffs(value); !ok {
			return "settings.no_tariffs"
		}
	}
	return checkLine(policy, value)
}

func checkWording(policy Policy, text models.Text) string {
	if len(text) != len(models.Languages()) {
		return "settings.language_missing"
	}
	for _, lang := range models.Languages() {
		if strings.TrimSpace(text[lang]) == "" {
			return "settings.language_missing"
		}
		if why := checkLine(policy, text[lang]); why != "" {
			return why
		}
	}
	return ""
}

// checkLine keeps what is put into messages to one line of letters that show.
func checkLine(policy Policy, line string) string {
	if policy.Max > 0 && utf8.RuneCountInString(line) > policy.Max {
		return "settings.too_long"
	}
	if strings.ContainsFunc(line, hidden) || strings.Contains(line, "{{") {
		return "settings.not_plain"
	}
	return ""
}

// hidden are control characters and overrides of direction. The joiners that emoji and Arabic words
// are written with are not.
func hidden(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029
}

// zoneKnown tells whether a name is a time zone's. The empty name and "Local" would mean whatever
// machine the product runs on.
func zoneKnown(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local"
}

// currencyKnown tells whether a code is of ISO 4217 and its amounts have two decimals, as all amounts
// of the product are written.
func currencyKnown(code string) bool {
	unit, err := currency.ParseISO(code)
	if err != nil || unit.String() != code || code == "XXX" || code == "XTS" {
		return false
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale == 2
}

func isLink(value string) bool {
	u, err := url.Parse(value)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// agree holds the policies against each other: what is wrong, by key. Each rule speaks at the key that
// would have to give way.
func (p Policies) agree() map[string]string {
	wrong := map[string]string{}
	if p.HoldWarnBeforeMinutes >= min(p.HoldMinutes, p.HoldMinutesSameDay) {
		wrong["hold.warn_before_min"] = "settings.warning_after_hold"
	}
	if p.CancelStaffOnlyHours > p.CancelRefundHours {
		wrong["cancel.staff_only_hours"] = "settings.staff_before_refund"
	}
	if p.SlotsOffer > p.SlotsOfferMax {
		wrong["slots.offer"] = "settings.more_than_most"
	}
	return wrong
}
