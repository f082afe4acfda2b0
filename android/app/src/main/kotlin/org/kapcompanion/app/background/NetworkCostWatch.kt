package org.kapcompanion.app.background

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import androidx.core.content.getSystemService
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.filterNotNull
import org.kapcompanion.app.record.RecordDoor
import org.kapcompanion.core.NetworkCost

/** Tells the record whether the network counts what goes over it, so that large recordings can wait for one that doesn't. */
class NetworkCostWatch(context: Context) {
    private val costs = MutableStateFlow<NetworkCost?>(null)

    init {
        val hears = object : ConnectivityManager.NetworkCallback() {
            override fun onCapabilitiesChanged(network: Network, can: NetworkCapabilities) {
                val isFree = can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED)
                costs.value = if (isFree) NetworkCost.UNMETERED else NetworkCost.METERED
            }
        }
        checkNotNull(context.getSystemService<ConnectivityManager>()).registerDefaultNetworkCallback(hears)
    }

    /** Tells each record that is opened, and again when the network is another one. Never ends. */
    suspend fun tell(door: RecordDoor) {
        combine(door.records, costs.filterNotNull()) { open, cost -> open.record.networkIs(cost) }.collect { }
    }
}
