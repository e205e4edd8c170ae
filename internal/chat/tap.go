package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/chat/understand"
	"frontdesk/models"
)

// Ids of options. They carry all they mean, so that a tap on an older message is still understood.
const (
	optionNameYes    = "name:yes"
	optionNameNo     = "name:no"
	optionPackYes    = "pack:yes"
	optionPackNo     = "pack:no"
	optionAgainYes   = "again:yes"
	optionAgainNo    = "again:no"
	optionOther      = "slot:other"
	optionAnyStylist = "stylist:any"
	optionMixedBoth  = "mixed:both"
	optionConsultYes = "consult:yes"
	optionConsultNo  = "consult:no"

	prefixService  = "service:"
	prefixCategory = "category:"
	prefixPage     = "services:" // services:hair:2
	prefixStylist  = "stylist:"
	prefixConsult  = "consult:" // also consult:hair, where it may be either
	prefixSlot     = "slot:"    // slot:<stylist>:<start, Unix seconds>
)

func slotID(s Slot) string {
	return prefixSlot + s.StylistID.String() + ":" + strconv.FormatInt(s.Start.Unix(), 10)
}

// slotOf reads a slot's id; its end is for the request to say.
func slotOf(id string) (Slot, bool) {
	stylist, at, ok := strings.Cut(strings.TrimPrefix(id, prefixSlot), ":")
	if !ok || !strings.HasPrefix(id, prefixSlot) {
		return Slot{}, false
	}
	var s Slot
	if err := s.StylistID.UnmarshalText([]byte(stylist)); err != nil {
		return Slot{}, false
	}
	unix, err := strconv.ParseInt(at, 10, 64)
	s.Start = time.Unix(unix, 0)
	return s, err == nil
}

// tapped takes an option by its id, whichever question it belonged to; what the same message says
// beside it counts too ("the pack, on Saturday").
func (d *dialogue) tapped(id string, m understand.Meaning) bool {
	switch {
	case id == optionPackYes || id == optionPackNo:
		return d.tappedPack(id == optionPackYes, m)
	case id == optionAgainYes || id == optionAgainNo:
		return d.again(id == optionAgainYes)
	case id == optionOther:
		return d.otherTimes(m)
	case strings.HasPrefix(id, prefixJoint):
		return d.tappedJoint(id)
	case strings.HasPrefix(id, prefixSlot):
		return d.tappedSlot(id, m)
	case strings.HasPrefix(id, prefixService):
		return d.tappedService(strings.TrimPrefix(id, prefixService), m)
	case strings.HasPrefix(id, prefixCategory):
		return d.tappedCategory(models.Category(strings.TrimPrefix(id, prefixCategory)), m)
	case strings.HasPrefix(id, prefixConsult):
		return d.tappedConsult(strings.TrimPrefix(id, prefixConsult), m)
	case id == optionMixedBoth:
		if !d.mixed() {
			return false
		}
		d.split(d.order().category, m)
		return true
	case strings.HasPrefix(id, prefixPage):
		category, page, _ := strings.Cut(strings.TrimPrefix(id, prefixPage), ":")
		n, err := strconv.Atoi(page)
		if err != nil {
			return false
		}
		d.listServices(models.Category(category), n)
		return true
	case strings.HasPrefix(id, prefixStylist):
		return d.tappedStylist(strings.TrimPrefix(id, prefixStylist), m)
	default:
		return false
	}
}

func (d *dialogue) tappedPack(yes bool, m understand.Meaning) bool {
	pack, contents, ok := d.pack(d.s.Request.Proposed)
	if !ok {
		return false
	}
	d.decidePack(yes, pack, contents)
	d.mergeRest(m)
	d.advance()
	return true
}

func (d *dialogue) decidePack(yes bool, pack models.Pack, contents []models.Service) {
	r := &d.s.Request
	if yes {
		r.takePack(pack, contents)
		r.Quoted = d.order().key() // its price was in the proposal
		return
	}
	r.Pack, r.NoPack = "", true
}

// mergeRest takes day, time and stylist out of a message whose services were dealt with.
func (d *dialogue) mergeRest(m understand.Meaning) {
	d.mergeDay(m)
	d.mergeTime(m)
	d.mergeStylist(m)
	d.s.Offer, d.s.Chosen, d.s.Shown = nil, nil, nil
}

func (d *dialogue) tappedService(code string, m understand.Meaning) bool {
	if _, ok := d.f.Menu.Service(code); !ok {
		return false
	}
	if len(d.s.Request.Which) > 0 && contains(d.s.Request.Which[0], code) {
		d.takeWhich(code)
	} else {
		d.replaceServices([]string{code}, nil)
	}
	d.mergeRest(m)
	d.advance()
	return true
}

func (d *dialogue) takeWhich(code string) {
	r := &d.s.Request
	r.Which = r.Which[1:]
	if !contains(r.Services, code) {
		r.Services = append(slices.Clone(r.Services), code)
	}
}

func (d *dialogue) tappedCategory(c models.Category, m understand.Meaning) bool {
	switch {
	case d.s.Stage != StageMixed && len(m.Services)+len(m.Ambiguous) > 0:
		return false // "a haircut" names what it shall be: it is no answer to "hair or beauty?"
	case d.s.Stage != StageMixed:
		d.listServices(c, 1)
	case m.Both: // "hair first"
		d.split(c, m)
	default:
		d.only(c, m)
	}
	return true
}

func (d *dialogue) tappedStylist(code string, m understand.Meaning) bool {
	if "stylist:"+code == optionAnyStylist {
		m.AnyStylist = true
	} else {
		m.Stylists = []string{code}
	}
	if len(d.s.Request.Services) == 0 && !d.moving() {
		return false
	}
	d.mergeRest(m)
	d.advance()
	return true
}

// tappedSlot takes a time that was offered for this request. A tap on an older offer is a wish for that time: it is looked for
// again. A typed choice that contradicts itself ("10:30 on Saturday" to an offer for Friday) is a
// new wish, not a choice.
func (d *dialogue) tappedSlot(id string, m understand.Meaning) bool {
	slot, ok := slotOf(id)
	if !ok {
		return false
	}
	if d.order().minutes == 0 { // of a request that is done, or given up
		d.listVisits()
		return true
	}
	for _, offered := range d.s.Shown {
		if offered.same(slot) {
			if !d.agrees(offered, m) {
				return false
			}
			d.choose(offered)
			return true
		}
	}
	at := slot.Start.In(d.f.Now.Location())
	day, minute := Date{understand.DayOf(at)}, minuteOf(at)
	r := &d.s.Request
	r.From, r.To, r.At, r.About, r.Stylist, r.Anyone = &day, &day, &minute, false, &slot.StylistID, false
	r.Part, r.After, r.Before = understand.AnyPart, nil, nil
	d.fresh()
	d.advance()
	return true
}
