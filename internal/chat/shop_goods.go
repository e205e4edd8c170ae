package chat

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// goodsPage is how many products one list shows.
const goodsPage = 5

// Shopping asks for something of the shelves or the cart. The answer comes as Shopped.
type Shopping struct{ understand.Errand }

func (Shopping) action() {}

// Shopped answers Shopping. Fault is what refused it.
type Shopped struct {
	Asked   understand.Errand
	Fault   string
	Facts   i18n.Facts // of the fault
	Shelves []shop.CategoryCount
	Shelf   *shop.CategoryCount // the one that is shown
	Goods   []models.Product
	Total   int64
	Page    int
	Close   bool // nothing is exactly as asked for; these come closest
	Cart    models.Cart
	Line    *models.CartItem // what was changed in the cart
}

// shopped says what came of an errand.
func (d *dialogue) shopped(r Shopped) {
	switch {
	case r.Fault != "":
		d.shopRefused(r)
	case r.Asked.Do == understand.DoBrowse:
		d.showShelves(r)
	case r.Asked.Do == understand.DoShow, r.Asked.Do == understand.DoSearch:
		d.showGoods(r)
	case r.Asked.Do == understand.DoDetails:
		d.detailed(r)
	case r.Asked.Do == understand.DoAdd:
		d.added(r)
	case r.Asked.Do == understand.DoCart:
		d.showCart(r.Cart)
	default:
		d.cartChanged(r)
	}
}

// shopRefused says why not, with the words of the rule, and what can be done now.
func (d *dialogue) shopRefused(r Shopped) {
	line := Line{Key: r.Fault, Facts: r.Facts}
	if r.Facts["Left"] == 0 {
		line = say("shopchat.soldout", nil)
	}
	if r.Line != nil || len(r.Goods) == 1 {
		name := ""
		if r.Line != nil {
			name = r.Line.Names.In(d.lang)
		} else {
			name = r.Goods[0].Names.In(d.lang)
			d.counter().Product = r.Goods[0].SKU
		}
		line = block(verbatim(name+":"), line)
	}
	d.shelve(nil, "", false, []Choice{choice(shopCart, "shopchat.button.cart"), choice(shopBrowse, "shopchat.button.browse")}, line)
}

// showShelves shows the categories nothing stands above, with how much they hold.
func (d *dialogue) showShelves(r Shopped) {
	d.counter().List = nil
	shown, options := d.shelfRows(r.Shelves, nil)
	if len(shown) == 0 {
		d.shopRemark(say("shopchat.empty", nil))
		return
	}
	d.shelve(shown, "shopchat.browse.label", false, options, say("shopchat.browse", nil))
}

// shelfRows are the categories directly below one, those without a product left out.
func (d *dialogue) shelfRows(all []shop.CategoryCount, below *models.ID) (shown []string, options []Choice) {
	for _, c := range all {
		top := below == nil && c.Parent == nil
		inside := below != nil && c.Parent != nil && c.Parent.ID == *below
		if c.Products == 0 || !top && !inside || len(options) == models.MaxRows {
			continue
		}
		id, detail := shopShelf+"1:"+c.Slug, Line{Key: "shopchat.products", Count: &c.Products}
		shown = append(shown, id)
		options = append(options, Choice{ID: id, Titles: []Line{verbatim(c.Names.In(d.lang)), verbatim(c.Slug)}, Detail: &detail})
	}
	return shown, options
}

// showGoods lists a page of products.
func (d *dialogue) showGoods(r Shopped) {
	e := r.Asked
	list := &Listing{Shelf: e.Shelf, Words: e.Words, Page: r.Page}
	d.counter().List = list
	if len(r.Goods) == 0 {
		d.noGoods(r)
		return
	}
	if len(r.Goods) == 1 && r.Total == 1 && e.Do == understand.DoSearch && !r.Close {
		d.detailed(r)
		return
	}
	shown, options := d.goodsRows(r.Goods)
	from := (r.Page-1)*goodsPage + 1
	facts := i18n.Facts{"Words": e.Words, "From": strconv.Itoa(from), "To": strconv.Itoa(from + len(r.Goods) - 1), "Total": strconv.FormatInt(r.Total, 10)}
	key := "shopchat.found"
	switch {
	case r.Shelf != nil:
		key, facts["Shelf"] = "shopchat.shelf", r.Shelf.Names.In(d.lang)
	case d.s.Shop.Adding > 0:
		key = "shopchat.which"
	case r.Close:
		key = "shopchat.found.close"
	}
	if int64(from+len(r.Goods)-1) < r.Total {
		options = append(options, choice(d.pageID(*list, r.Page+1), "shopchat.button.more"))
	}
	if r.Shelf != nil && r.Page == 1 {
		_, inside := d.shelfRows(r.Shelves, &r.Shelf.ID)
		options = append(options, inside[:min(len(inside), models.MaxRows-len(options)-1)]...)
	}
	options = append(options, choice(shopBrowse, "shopchat.button.browse"))
	if d.bookingOpen() && len(options) < models.MaxRows {
		options = append(options, choice(shopBack, "shopchat.button.back"))
	}
	d.shelve(shown, "shopchat.goods.label", false, options, say(key, facts))
}

func (d *dialogue) pageID(l Listing, page int) string {
	if l.Shelf != "" {
		return shopShelf + strconv.Itoa(page) + ":" + l.Shelf
	}
	words := []rune(l.Words)
	return shopFind + strconv.Itoa(page) + ":" + string(words[:min(len(words), maxSought)])
}

func (d *dialogue) noGoods(r Shopped) {
	key, facts := "shopchat.found.none", i18n.Facts{"Words": r.Asked.Words}
	switch {
	case r.Shelf != nil && r.Page > 1:
		key, facts = "shopchat.page.none", i18n.Facts{"Shelf": r.Shelf.Names.In(d.lang), "Page": strconv.Itoa(r.Page)}
	case r.Shelf != nil:
		key, facts = "shopchat.shelf.none", i18n.Facts{"Shelf": r.Shelf.Names.In(d.lang)}
	case r.Page > 1:
		key, facts = "shopchat.found.over", i18n.Facts{"Words": r.Asked.Words}
	case r.Asked.Words == "":
		key, facts = "shopchat.found.nothing", nil
	}
	d.counter().Adding = 0
	d.shelve(nil, "", false, []Choice{choice(shopBrowse, "shopchat.button.browse"), choice(shopCart, "shopchat.button.cart")}, say(key, facts))
}

// goodsRows are products as rows. A name that is too long for a row's title stands below its number and price.
func (d *dialogue) goodsRows(goods []models.Product) (shown []string, options []Choice) {
	for i, p := range goods {
		name, price := p.Names.In(d.lang), d.amount(p.PriceMinor, p.Currency)
		detail := say("shopchat.row", i18n.Facts{"Price": price, "Stock": d.stock(p.Stock)})
		title := verbatim(name)
		if models.Units(name) > models.MaxRowTitle {
			title = verbatim(strconv.Itoa(i+1) + " · " + price)
			detail = verbatim(name)
			if p.Stock <= 0 {
				detail = say("shopchat.row.gone", i18n.Facts{"Product": name})
			}
			if models.Units(name) > models.MaxRowDetail-15 {
				detail = verbatim(p.SKU)
			}
		}
		shown = append(shown, shopItem+p.SKU)
		options = append(options, Choice{ID: shopItem + p.SKU, Titles: []Line{title, verbatim(p.SKU)}, Detail: &detail})
	}
	return shown, options
}

// stock says how much there is: a number only when it is small enough to matter.
func (d *dialogue) stock(left int) Line {
	switch {
	case left <= 0:
		return say("shopchat.stock.none", nil)
	case left <= 3:
		return Line{Key: "shopchat.stock.few", Count: &left}
	default:
		return say("shopchat.stock.some", nil)
	}
}

// detailed shows one product, with its picture before it; several that a name fits are listed.
func (d *dialogue) detailed(r Shopped) {
	if len(r.Goods) != 1 {
		r.Asked.Do = understand.DoSearch
		d.showGoods(r)
		return
	}
	p := r.Goods[0]
	d.counter().Product = p.SKU
	if picture := photo(p); picture != "" {
		d.do(Say{
			Class: models.ClassReply, Cause: "turn", Shop: true, Picture: picture,
			Lines: []Line{verbatim(p.Names.In(d.lang))},
		})
	}
	lines := []Line{verbatim(p.Names.In(d.lang))}
	if p.Brand != "" {
		lines = append(lines, say("shopchat.product.brand", i18n.Facts{"Brand": p.Brand}))
	}
	lines = append(lines, say("shopchat.product.price", i18n.Facts{
		"Price": d.amount(p.PriceMinor, p.Currency), "Stock": d.stock(p.Stock), "SKU": p.SKU,
	}))
	said := []Line{block(lines...)}
	if text := strings.TrimSpace(p.Descriptions.In(d.lang)); text != "" {
		said = append(said, verbatim(abridged(text)))
	}
	var options []Choice
	if p.Stock > 0 {
		options = append(options, choice(shopAdd+p.SKU, "shopchat.button.add"))
	}
	options = append(options, choice(shopCart, "shopchat.button.cart"))
	if !d.bookingOpen() {
		options = append(options, choice(shopBrowse, "shopchat.button.browse"))
	}
	d.shelve(nil, "", false, options, said...)
}

// photo is the first picture of a product that a phone can show in a chat; empty when there is none: Meta takes no
// drawings.
func photo(p models.Product) string {
	i := slices.IndexFunc(p.Media, func(m models.Medium) bool {
		return m.Kind == models.MediumImage && slices.Contains([]string{".jpg", ".jpeg", ".png"}, strings.ToLower(path.Ext(m.URL)))
	})
	if i < 0 {
		return ""
	}
	return p.Media[i].URL
}

// longest is how much of a description is read in the chat: whole sentences of it.
const longest = 600

func abridged(text string) string {
	runes := []rune(text)
	if len(runes) <= longest {
		return text
	}
	head := string(runes[:longest])
	if end := strings.LastIndexAny(head, ".!?؟"); end > 0 {
		return head[:end+1]
	}
	return head + "…"
}
