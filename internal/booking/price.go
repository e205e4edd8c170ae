package booking

import "frontdesk/models"

// Total adds up services: minutes and minor units.
func Total(services []models.Service) (minutes int, minor int64) {
	for _, s := range services {
		minutes += s.Minutes
		minor += s.PriceMinor
	}
	return minutes, minor
}

// Deposit is what must be paid ahead, in minor units: percent of the pack's price, or of each paid
// service at its own percentage when it has one, rounded half up once. Free lines need none.
func Deposit(services []models.Service, pack *models.Pack, percent int) int64 {
	if pack != nil {
		return roundHundredths(pack.PriceMinor * int64(percent))
	}
	return roundHundredths(hundredths(services, percent))
}

// hundredths are the services' shares in hundredths of a minor unit, each at its own percentage when it
// has one.
func hundredths(services []models.Service, percent int) (sum int64) {
	for _, s := range services {
		share := percent
		if s.DepositPercent != nil {
			share = *s.DepositPercent
		}
		sum += s.PriceMinor * int64(share)
	}
	return sum
}

// roundHundredths turns hundredths of a minor unit into minor units, half up; amounts are never negative.
func roundHundredths(h int64) int64 { return (h + 50) / 100 }

// PackOffer is a pack worth proposing, against its contents at today's single prices (C10).
type PackOffer struct {
	Pack           models.Pack
	Contents       []models.Service
	SinglesMinor   int64
	SavingMinor    int64
	SinglesMinutes int
}

// BestPack finds the pack to propose to somebody who asked for the wanted services: it holds all of
// them, saves something, and costs at most maxExtraPercent more than they do. Among several the one
// with the highest saving in percent wins, then the shortest (R-304, P.pack.max_extra_percent).
func BestPack(menu Menu, wanted []models.Service, maxExtraPercent int) (PackOffer, bool) {
	var best PackOffer
	found := false
	_, asked := Total(wanted)
	for _, pack := range menu.Packs {
		contents, ok := menu.Contents(pack)
		if !ok || !holdsAll(contents, wanted) {
			continue
		}
		minutes, singles := Total(contents)
		offer := PackOffer{pack, contents, singles, singles - pack.PriceMinor, minutes}
		affordable := pack.PriceMinor*100 <= asked*int64(100+maxExtraPercent)
		if offer.SavingMinor > 0 && affordable && (!found || offer.beats(best)) {
			best, found = offer, true
		}
	}
	return best, found
}

// InnerPack finds the pack that is part of what somebody asked for and cheaper than booking it service by
// service; the others are booked beside it.
func InnerPack(menu Menu, wanted []models.Service) (PackOffer, bool) {
	var best PackOffer
	found := false
	for _, pack := range menu.Packs {
		contents, ok := menu.Contents(pack)
		if !ok || len(contents) >= len(wanted) || !holdsAll(wanted, contents) {
			continue
		}
		minutes, singles := Total(contents)
		offer := PackOffer{pack, contents, singles, singles - pack.PriceMinor, minutes}
		if offer.SavingMinor > 0 && (!found || offer.beats(best)) {
			best, found = offer, true
		}
	}
	return best, found
}

// beats compares saving percentages without dividing.
func (o PackOffer) beats(other PackOffer) bool {
	mine, theirs := o.SavingMinor*other.SinglesMinor, other.SavingMinor*o.SinglesMinor
	if mine != theirs {
		return mine > theirs
	}
	return o.Pack.Minutes < other.Pack.Minutes
}

// holdsAll tells whether contents hold every wanted service, as often as it is wanted.
func holdsAll(contents, wanted []models.Service) bool {
	left := map[models.ID]int{}
	for _, s := range contents {
		left[s.ID]++
	}
	for _, s := range wanted {
		left[s.ID]--
		if left[s.ID] < 0 {
			return false
		}
	}
	return len(wanted) > 0
}
