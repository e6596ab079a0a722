"""Every word of the window, explained: two sentences each, for a learner who has seen no network before.

A setting goes by its field's name, a value by "field=value", a piece of the status line by "status=name", a button by
"button=command".
"""

_ACTIVATION = {
    "identity": "Passes every value on as it is. A network of nothing else is one plane, however deep it is.",
    "tanh": "Squashes every value into -1 to 1, smoothly, and keeps its sign. Small values pass almost unchanged.",
    "sigmoid": "Squashes every value into 0 to 1, with 0 at one half. It is tanh, halved and lifted.",
    "relu": "Cuts everything below 0 off and keeps the rest. Its networks are folded paper: flat pieces with creases.",
    "leaky_relu": "Like relu, but keeps a hundredth of what is below 0. So no unit is ever quite dead.",
    "elu": "Keeps what is above 0 and bends the rest smoothly towards -1. It is a relu without a hard crease.",
    "softplus": "A relu whose corner is rounded off, log(1 + e^z). It is never 0, so that all its values are positive.",
    "gelu": "Weighs a value by how likely a normal number is below it. It dips a little under 0 before it rises.",
    "silu": "The value times its own sigmoid. It dips under 0 on the left and follows the value on the right.",
    "softsign": "Squashes into -1 to 1 like tanh, z / (1 + |z|). It comes to its ends much more slowly.",
    "sin": "A wave: values that grow come back, again and again. Large weights therefore give ripples, not flat ends.",
    "cos": "A wave that is 1 at value 0. A value and its negative give the same.",
    "gaussian": "A bump, exp(-z^2): 1 at value 0, nothing far away. Each unit lights up along a line.",
    "abs": "Takes the sign off: the plane is folded like paper along a straight crease. Layer after layer folds again.",
    "triangle": "A zigzag between -1 and 1, a wave of straight lines. It folds the plane many times over.",
}
_LENS = {
    "outputs": "The picture itself: what the network answers at every point, as colour. No lens is in between.",
    "cut": "Takes off the layers above one and sets the output layer there. So you see how the picture grows.",
    "rgb": "Shows three units of one layer as red, green and blue. So every layer makes a picture in colour.",
    "unit": "Shows what one unit says at every point of the plane. Bright is high, dark is low.",
    "units": "Shows all units of one layer side by side. A click makes one of them large.",
    "atlas": "Shows all units of all layers, one row a layer. In chaotic networks each row is wilder.",
    "height": "Draws an output or unit as a landscape, high where its value is high. A right drag turns it.",
    "slice": "Draws values along one horizontal line as curves. The line goes through the cursor.",
    "probe": "Writes down the whole calculation at one point, layer by layer. The point is the cursor's.",
    "weights": "Shows the numbers that make the network, matrix by matrix. One sign is blue, the other orange.",
    "regions": "Colours the flat pieces that relu-like networks are made of. In each piece the network is one plane.",
    "stretch": "Shows how far a tiny step is stretched on its way to the layer, |J|. Blue shrinks and orange grows.",
    "norms": "Shows how the values of each layer are spread, and how large they are. Calm and chaos differ here.",
    "winner": "Colours each point by its largest output. That is how a network that sorts things decides.",
}
_CHOICE = {
    "rule=fixed": "Weights are as large as the scale says, whatever the width. Wider networks are therefore wilder.",
    "rule=lecun": "A weight's variance is 1 / its layer's inputs. So sums keep their size at every width.",
    "rule=glorot": "A weight's variance is 2 / (inputs + outputs). It minds the way forward and the way back alike.",
    "rule=he": "A weight's variance is 2 / inputs. The 2 makes good what relu cuts off.",
    "rule=orthogonal": "Every matrix only turns and mirrors, before the scale. No direction gets lost.",
    "shape=uniform": "All weights in the range are equally likely. None is larger than the range's end.",
    "shape=normal": "Weights follow a bell curve: most are small, a few are large. Uniform has the same spread.",
    "outputs=1": "The network has one output, and a palette makes colour of it. The picture is a map of heights.",
    "outputs=3": "The network has three outputs: red, green and blue. Their mixtures are the picture's colours.",
    "palette=viridis": "From dark blue through green to yellow. Equal steps of value look like equal steps of colour.",
    "palette=cividis": "From blue to yellow, alike to people with and without colour blindness. Its steps look even.",
    "palette=magma": "From black through purple to pale yellow. High values glow.",
    "palette=twilight": "Goes round and ends where it began. It suits values that go round as well, such as waves.",
    "palette=grey": "From black to white. Nothing distracts from the shape.",
    "levels=plain": "Colours show the values as they are. Two pictures can then be compared.",
    "levels=auto": "The view's lowest value becomes darkest and its highest brightest. It wakes flat pictures up.",
}
_BUTTON = {
    "reroll": "Draws all random weights anew, from another seed. The network before is one step back.",
    "back": "Goes back to the picture before. Hundreds of steps are kept.",
    "forward": "Goes forward again after steps back. It ends where something new is done.",
    "screenshot": "Saves the picture as a file that also holds how it was made. Dropped on the window, it opens again.",
    "record": "Films the window until it is pressed again. The film is saved beside the pictures.",
}
_STATUS = {
    "seen": "What the picture is made by. Here are all its facts, also those that the line has no room for.",
    "split": "One view in two pictures, side by side or above each other. This is what is different in the second one.",
    "zoom": "How much larger things look than in the first view. The wheel zooms at the cursor, 0 goes back.",
    "truth": "How many digits of the colours are right. Views below the smallest detail's size show one smooth slope.",
    "work": "How long the graphics card (GPU) or the processor (CPU) worked for this picture. Less is quicker.",
    "speed": "How many pictures a second the window has shown. Idle: nothing moves, so nothing is drawn.",
    "engine": "Which part of the machine computes, and why. All engines give the same picture; some are faster.",
    "phase": "Calm: close points come closer in every layer. Chaotic: they part, and on the edge deep networks live.",
    "progress": "What is still being done. You need not wait: every key works meanwhile.",
    "recording": "A film of this window is being made. V ends and saves it.",
    "help": "Opens the list of all keys, which can be searched. A click does the same as the key H.",
}
TERMS: dict[str, str] = {
    "seed": "The number that all random weights come from. The same seed gives the same network, on every machine.",
    "layers": "How many times the values are mixed and bent, one after another. More layers fold the picture finer.",
    "width": "How many units stand side by side in each layer. Few make simple shapes, many make rich ones.",
    "activation": "The bend that every unit gives its sum. Without it, any number of layers would be one flat plane.",
    "output_activation": "The bend of the last layer, which makes colours. Sigmoid fits all between dark and bright.",
    "rule": "How the size of random weights follows from a layer's width. A good rule keeps deep networks lively.",
    "scale": "How large the weights are. Small ones give a calm picture, large ones a wild one.",
    "bias_scale": "How far each unit's own offset, its bias, may be from 0. Larger biases shift shapes apart.",
    "shape": "How the random weights are spread: evenly, or as a bell curve. The picture's character hardly changes.",
    "tied": "Whether all layers share the same random numbers, as in the article. If not, each has its own.",
    "inputs": "What the network is told of a point: x and y, the distance r, time, or fixed numbers. It sees no more.",
    "outputs": "How many numbers the network answers at a point. Three are red, green and blue; one has a palette.",
    "palette": "The colours for a network with one output, from its lowest to its highest value. They are mere paint.",
    "levels": "Whether colours show values as they are, or stretched to what the view has. That shows faint shapes.",
    "center": "The point of the plane in the middle of the picture. A drag moves it.",
    "radius": "How far it is from the middle to the nearer edges. A small radius is a deep zoom.",
    "angle": "By how many degrees the camera is turned. The network stays as it is.",
    "time": "Where on its circle the time is, in turns from 0 to 1. After one turn everything is as before.",
    "axes": "Whether numbers stand along the lower and the left edge. They tell where in the plane one is.",
    "contour": "Whether lines show where the network decides otherwise. There another output becomes the largest.",
    "lens": "What of the network is shown: its answer, one unit, all of them, its weights. The network stays as it is.",
    "layer": "Which layer the lens looks at, from 1 where the plane comes in. Early ones are simple, late ones wild.",
    "unit": "Which unit of the layer the lens looks at, counted from 0. Each draws a shape of its own on the plane.",
    "units": "The three units that are shown as red, green and blue. Units are counted from 0.",
    "before": "Whether units are shown before they are bent by their activation. Before, they are bare sums.",
    "turn": "From which side the camera looks at the landscape, in degrees. A right drag does the same.",
    "tilt": "How high the camera stands: 0 looks along the ground, 90 straight down. A right drag does the same.",
    "lift": "How high the landscape's mountains are drawn. The values stay the same.",
    **{f"activation={name}": text for name, text in _ACTIVATION.items()},
    **{f"lens={name}": text for name, text in _LENS.items()},
    **_CHOICE,
    **{f"button={name}": text for name, text in _BUTTON.items()},
    **{f"status={name}": text for name, text in _STATUS.items()},
    "morph": "How far the picture is on its way from one to the next. A tick stands at each of them.",
}
# A word that is explained as another one.
SAME = {
    "status=scale": "scale",
    "status=tied": "tied",
    "status=angle": "angle",
    "status=time": "time",
    **{f"output_activation={name}": f"activation={name}" for name in _ACTIVATION},
}


def explained(name: str) -> str:
    """Explain a word in two sentences; "" for one that is none of the window's."""
    return TERMS.get(SAME.get(name, name), "")
