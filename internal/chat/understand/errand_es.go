package understand

func spanishErrands() errandTable {
	return errandTable{
		language: &spanish,
		commands: []entry[ErrandKind]{
			{DoBrowse, `
				catalogo|categorias|categoria|productos|tienda
				ver|enseñame|muestrame|muestra|mostrar el|la|los|las? catalogo|categorias|productos|tienda
				volver|vuelve a? la|al? catalogo|categorias|tienda`},
			{DoShow, `
				ver|muestra|muestrame|mostrar|enseñame|enseña|abre la|el|los|las?
				categoria`},
			{DoMore, `
				mas
				ver|muestra|muestrame|enseñame mas
				siguiente pagina?`},
			{DoDetails, `
				detalles|detalle|ficha|informacion|info de|del|sobre? el|la|los|las?
				ver detalles|detalle|ficha de|del?`},
			{DoAdd, `
				añade|añadir|añademe|agrega|agregar|agregame|mete|meteme|echa|echame|pon|ponme`},
			{DoCart, `
				mi|el|la? carrito|cesta|carro|bolsa
				ver|muestra|muestrame|enseñame|abre mi|el|la? carrito|cesta|carro|bolsa`},
			{DoQty, `
				cantidad de|del?
				cambia|cambiar|pon la? cantidad de|del? a?`},
			{DoRemove, `
				quita|quitar|quitame|elimina|eliminar|borra|borrar|saca|sacame el|la|los|las?`},
			{DoEmpty, `
				vacia|vaciar mi|el|la? carrito|cesta|carro|bolsa
				quita|elimina|borra|saca todo`},
			{DoCheckout, `
				pagar
				comprar
				finalizar compra|pedido?
				tramitar pedido|compra?
				hacer el|un? pedido`},
			{DoStatus, `
				estado de|del? mi|el? pedido|paquete?
				mi|mis pedido|pedidos
				seguimiento de|del? mi|el? pedido?
				rastrear mi|el? pedido|paquete?`},
			{DoReturn, `
				devolver un|el|mi? pedido|producto|articulo?
				devolucion|devoluciones de|del? mi|el? pedido?`},
		},
		wordings: []entry[ErrandKind]{
			{DoBrowse, `
				que vendeis|vendes|venden
				que puedo comprar
				que|cuales productos|categorias tenes|tienes|teneis|tienen|hay|vendeis|vendes
				ver|muestra|muestrame|enseñame|mirar|ensename todo|el|la|los|las|tu|tus|vuestro|vuestra|vuestros|vuestras? catalogo|categorias|productos|tienda
				seguir|sigo comprando|mirando
				vendeis|vendes|teneis|tienes productos
				que teneis|tienes a la? venta`},
			{DoMore, `
				ver|muestra|muestrame|enseñame|enseña mas|otros|otras
				hay|tienes|teneis mas|otros|otras $
				siguiente pagina
				pagina siguiente`},
			{DoDetails, `
				mas|toda informacion|info|detalles|datos de|del|sobre
				cuentame|dime|hablame mas? de|del|sobre
				que lleva|contiene|ingredientes
				ingredientes
				cuanto cuesta|vale|cuestan|valen|es|sale
				precio de|del
				foto|imagen de|del
				puedo verlo|verla`},
			{DoAdd, `
				pon|ponme|mete|meteme|añade|añademe|agrega|agregame|echa|echame|poner|meter|añadir|agregar|metelo|ponlo|echalo * en|a|al mi|el|la? carrito|cesta|carro|bolsa|pedido
				añadelo|añadela|añadelos|añadelas|agregalo|agregala|metelo|metela|metelos|metelas|ponmelo|ponmela|ponmelos|echalo|echala
				me lo|la|los|las llevo|quedo|compro
				lo|la|los|las quiero|compro
				me llevo|quedo
				me quedo con
				quiero|quisiera|querria|me? gustaria comprar|pedir|encargar
				puedo comprar|pedir|encargar
				dame|ponme|apuntame|guardame|quiero el|la|los|las|un|una|dos|tres|cuatro|<n>`},
			{DoCart, `
				que tengo|hay|llevo en mi|el|la? carrito|cesta|carro|bolsa
				ver|muestra|muestrame|enseñame|mirar|abre mi|el|la carrito|cesta|carro|bolsa
				mi carrito|cesta $
				cuanto llevo|suma|sube`},
			{DoQty, `
				que sean <n>
				que sean dos|tres|cuatro|cinco|seis
				mejor <n> de
				mejor dos|tres|cuatro|cinco|seis de
				cambia|cambialo|cambiala|ponlo|dejalo|dejala|deja|pon * a|en <n>
				cambia|cambialo|cambiala|ponlo|dejalo|dejala|deja|pon * a|en uno|una|dos|tres|cuatro|cinco|seis
				solo <n>|uno|una|dos|tres de`},
			{DoRemove, `
				quita|quitar|quitame|elimina|saca|sacame|borra * de|del mi|el|la? carrito|cesta|carro|bolsa|pedido
				quitalo|quitala|quitalos|quitalas|sacalo|sacala|sacalos|eliminalo|eliminala|borralo|borrala
				ya no lo|la|los|las quiero
				ya no quiero el|la|los|las`},
			{DoEmpty, `
				vacia|vaciar|vaciame mi|el|la? carrito|cesta|carro|bolsa
				quita|elimina|saca|borra todo`},
			{DoCheckout, `
				finalizar|terminar|tramitar|completar|hacer|confirmar mi|la|el|un? compra|pedido
				pagar|comprar mi|el|la|lo? que? hay? en? mi|el|la? carrito|cesta|carro|bolsa|compra|pedido
				quiero pagar mi|el|la carrito|cesta|carro|compra|pedido
				ir|pasar|vamos a|al? pagar|caja|pago
				lo quiero pagar|comprar todo`},
			{DoStatus, `
				donde|por esta|va|anda mi|el pedido|paquete|envio
				donde esta|anda|va mi|el pedido|paquete|envio
				como va mi|el pedido|paquete|envio
				estado de|del mi? pedido|paquete|envio
				cuando llega|llegara|me llega mi|el pedido|paquete|envio
				mis pedidos`},
			{DoReturn, `
				devolver * pedido|producto|compra
				quiero|quisiera|querria|necesito|puedo devolver
				quiero|necesito hacer? una devolucion
				devolverlo|devolverla|devolverlos|devolverlas`},
			{DoGiveUp, `
				cancelar|cancela|anular|anula mi|el|este|ese pedido|compra
				ya no quiero el|mi pedido`},
			{DoBack, `
				volver|vuelve|volvamos|seguir|seguimos|sigamos a|con la|mi cita|reserva|visita
				continuar con? la|mi cita|reserva`},
		},
		basket: `
			carrito|cesta
			el|al|mi carro
			a|en la|mi bolsa`,
		pages: `
			pagina|pag <n>`,
		those: `
			eso|esos|esas|esto|estos|estas
			de ese|esa|este|esta
			ese|esa|este|esta mismo|misma
			ese|esa|este $
			el|la mismo|misma
			de lo mismo
			añadelo|añadela|añadelos|añadelas|agregalo|agregala|metelo|metela|metelos|metelas|ponmelo|ponmela|ponmelos|echalo|echala
			quitalo|quitala|quitalos|quitalas|sacalo|sacala|sacalos|eliminalo|eliminala|borralo|borrala
			cambialo|cambiala|ponlo|dejalo|dejala|verlo|verla|devolverlo|devolverla
			lo|la|los|las quiero|llevo|compro
			ya no lo|la|los|las`,
		more: `
			<n> mas
			uno|una|dos|tres|cuatro|cinco|seis mas
			otro|otra|otros|otras de
			otro|otra $
			otros|otras dos|tres|cuatro|cinco`,
		all: `
			^ todo|todos|todas $
			el pedido entero|completo
			todo el pedido`,
		ordinals: []entry[int]{
			{0, `numero|num|opcion|producto|articulo|# <n>
				el|la <n> $`},
			{1, `el|la|al|del primero|primera|primer producto?`},
			{2, `el|la|al|del segundo|segunda producto?`},
			{3, `el|la|al|del tercero|tercera|tercer producto?`},
			{4, `el|la|al|del cuarto|cuarta producto?`},
			{5, `el|la|al|del quinto|quinta producto?`},
			{-1, `el|la|al|del ultimo|ultima producto?`},
		},
		idle: `holaa holaaa wenas tienes teneis tienen tenes hay vendes vendeis venden busco buscando buscar quiero quisiera compro comprar carrito cesta carro bolsa pedido pedidos productos producto articulo articulos
			tienda categoria categorias catalogo muestra muestrame enseñame ver añade agrega pon ponme mete meteme quita saca elimina pagina detalles ficha cantidad numero opcion alguno alguna algun
			recomiendas recomendais recomiendame algo el la los las de del un una unos unas y con sin para por en al a que lo me mi mis tu tus vuestro mas otro otra precio cuesta vale cuanto
			unidades unidad botes bote devolver devolucion estado donde esta eso esos esas ese esa disponible stock añadir añademe`,
		units: `ml l cl g gr gramos kg cm mm w`,
	}
}
